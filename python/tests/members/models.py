"""A user model whose key is a text."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class MemberManager(BaseUserManager):
    def create_user(self, handle, password=None):
        member = self.model(number=f"M/{uuid.uuid4().hex[:12]} é", handle=handle)
        member.set_password(password)
        member.save()
        return member


class Member(AbstractBaseUser, PermissionsMixin):
    number = models.CharField(primary_key=True, max_length=40)
    handle = models.CharField(max_length=40, unique=True)

    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "handle"
    objects = MemberManager()
