"""What a user is asked before something ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class EndOthersForm(forms.Form):
    """Asks for the password where SESSION_END_OTHERS_PASSWORD is on.

    Who has no password that could be asked for (a user of a single sign-on) is asked for none.
    """

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        wanted = getattr(settings, "SESSION_END_OTHERS_PASSWORD", False)
        user: Any = request.user
        if not (wanted and user.has_usable_password()):
            del self.fields["password"]
        elif self.is_bound:  # it is shown again with what was wrong
            self.fields["password"].widget.attrs["aria-describedby"] = "id_password_error"

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user: Any = self.request.user
        stored = user.password
        if not user.check_password(password):
            raise ValidationError(_("That is not your password."), code="password_incorrect")
        if user.password != stored:  # hashed anew: this session goes on belonging to it
            update_session_auth_hash(self.request, user)
        return password
