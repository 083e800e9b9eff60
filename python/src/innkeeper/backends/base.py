"""Django's SessionBase on the engine. No rule lives here: a store holds the dict, the engine what becomes of it."""

from __future__ import annotations

import json
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.signing import JSONSerializer
from django.utils import timezone

from .. import _engine, conf
from ..engines import _engines, get_engine

__all__ = ["CreateError", "SessionStore", "UpdateError"]

_ID_LENGTH = 40
_INTERRUPTED = "The session was ended before its key could be changed, as by a sign-out in another request."


def _known_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


class SessionStore(SessionBase):
    """A session of the engine as Django knows it.

    `ip` and `user_agent` are those of the request; without them (a task, a shell, a websocket) what the row has
    stays as it is.
    """

    cached: ClassVar[bool]
    _session_cache: dict[str, Any] | None = None  # Django's name for the data; None: not loaded yet
    _row: _engine.Session | None = None  # what the engine has of it; None: not asked yet
    _opened: tuple[_engine.Session, dict[str, Any] | bytes | None] | None = None  # what open_ahead() found

    def __init__(
        self,
        session_key: str | None = None,
        user_agent: str | None = None,
        ip: str | None = None,
        client_hints: str | None = None,
    ) -> None:
        # SessionBase.__init__ in fewer steps: every request makes a store, and it imports the serializer anew.
        self._key = session_key if session_key and self._validate_session_key(session_key) else None
        self.accessed = self.modified = False
        self.serializer = conf.serializer()
        self.ip = ip
        self.user_agent = user_agent
        self.client_hints = client_hints

    def _set_key(self, value: str | None) -> None:
        self._opened = None
        self._key = value if value and self._validate_session_key(value) else None

    def _validate_session_key(self, key: str) -> bool:
        """Django's, and a public id, which is no secret, is no key: nobody ends a session with one as a cookie."""
        return len(key) >= 8 and len(key) != _ID_LENGTH

    if TYPE_CHECKING:

        @property
        def session_key(self) -> str | None:
            """The key as the browser has it; None where nothing is saved."""

    else:
        session_key = property(attrgetter("_key"))  # quicker than a function: every request asks
    _session_key = property(attrgetter("_key"), _set_key)

    @classmethod
    def engine(cls) -> _engine.Engine:
        return get_engine(cached=cls.cached)

    @classmethod
    def get_model_class(cls) -> Any:
        from ..models import Session

        return Session

    @property
    def model(self) -> Any:
        return self.get_model_class()

    @property
    def public_id(self) -> str | None:
        """The digest that the row, pages and logs know the session by."""
        return _engine.public_id(self.session_key) if self.session_key else None

    @property
    def key_salt(self) -> str:
        return conf.salt()

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: the data goes along, what the engine has of the row does not.

        A copy that is saved is compared with the row as it is then; as in Django the last save wins.
        """
        return {name: value for name, value in self.__dict__.items() if name not in ("_row", "_opened")}

    # Loading

    def _get_session(self, no_load: bool = False) -> dict[str, Any]:
        """Django's, without raising and catching an error at the first look."""
        self.accessed = True
        data = self._session_cache
        if data is None:
            data = self._session_cache = {} if no_load or self._key is None else self.load()
        return data

    _session = property(_get_session)

    async def _aget_session(self, no_load: bool = False) -> dict[str, Any]:
        self.accessed = True
        if self._session_cache is None:
            self._session_cache = {} if no_load or self._key is None else await self.aload()
        return self._session_cache

    def _open(self) -> tuple[_engine.Session, dict[str, Any] | bytes | None]:
        engine = _engines.get(self.cached) or self.engine()
        return engine.load(self._key, self.serializer is JSONSerializer)

    def open_ahead(self) -> None:
        """Opens it now for whoever looks at it later, in a transaction; this is no look."""
        if self._key is not None and self._session_cache is None:
            self._opened = self._open()

    def find_out(self) -> None:
        """Loads it, without counting as a look: whether there is such a session is known afterwards."""
        accessed = self.accessed
        self._get_session()
        self.accessed = accessed

    def load(self) -> dict[str, Any]:
        opened, self._opened = self._opened, None
        self._row, data = opened or self._open()
        if data is None:
            self._key = None
            return {}
        return data if isinstance(data, dict) else self._decoded(data)

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    def exists(self, session_key: str) -> bool:
        return self.engine().open(session_key).exists

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    # Saving

    def create(self) -> None:
        self.save(must_create=True)

    async def acreate(self) -> None:
        await sync_to_async(self.create)()

    def save(self, must_create: bool = False) -> None:
        fresh = must_create or self.session_key is None
        if fresh:
            # The engine issues every key, so a new row never meets one that is there.
            data, row = self._data(no_load=True), _engine.Session()
        else:
            data = self._data()
            if self.session_key is None:
                raise UpdateError  # there was none of that key: nothing is saved in its name
            row = self._loaded_row()
        content = self._hand_over(row, data)
        if self.engine().save(row, *self._client()) == "ended":
            self._row = None  # whoever saves again is told again
            raise UpdateError
        self._take_over(row, content)
        if fresh:
            self.modified = True  # as in Django: the browser has yet to be told of the key

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create)

    def touch(self) -> bool:
        """Notes that the session was used, by this client; the engine does so once in a while. Whether it did."""
        if self._row is None or not self._row.exists:
            return False
        return self.engine().touch(self._row, *self._client())

    # Ending

    def cycle_key(self) -> None:
        """Django's: a visitor's data goes on in a new session where the old one was ended meanwhile.

        Whoever was signed in there is so no more, which SessionInterrupted tells the browser (400).
        """
        data = self._data()
        try:
            row = _engine.Session() if self.session_key is None else self._loaded_row()
        except UpdateError:
            raise SessionInterrupted(_INTERRUPTED) from None
        content = self._hand_over(row, data)
        if self.engine().rotate(row, *self._client()) == "ended":
            self._row = None
            raise SessionInterrupted(_INTERRUPTED)
        self._take_over(row, content)
        self.modified = True

    async def acycle_key(self) -> None:
        await sync_to_async(self.cycle_key)()

    def delete(self, session_key: str | None = None) -> None:
        """Ends this session, or that of `session_key`: a key or, as a row has it, a public id."""
        key = session_key or self._key
        if key is None:
            return
        ids = [_engine.public_id(key)]
        if self._row is not None and self._row.key == key:
            ids = self._row.ids  # several where the transaction that changed the key may be rolled back
        for public_id in ids:
            self.engine().revoke(public_id, "signed out", self._actor())

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)

    def flush(self) -> None:
        super().flush()
        self._row = None

    async def aflush(self) -> None:
        await sync_to_async(self.flush)()

    @classmethod
    def clear_expired(cls) -> None:
        cls.engine().clear_expired()

    @classmethod
    async def aclear_expired(cls) -> None:
        await sync_to_async(cls.clear_expired)()

    # What crosses between the dict and the engine

    def _client(self) -> tuple[str | None, str | None, str | None]:
        return self.ip, self.user_agent, self.client_hints

    def _actor(self) -> str:
        user = self._row.user_id if self._row is not None else None
        return f"user {user}" if user else ""

    def _decoded(self, content: bytes) -> dict[str, Any]:
        """What the bytes hold; as in Django, an empty session where they cannot be read."""
        if not content:
            return {}
        try:
            data = self.serializer().loads(content)
        except Exception:
            return {}
        return data if isinstance(data, dict) else {}

    def _data(self, no_load: bool = False) -> dict[str, Any]:
        return self._get_session(no_load=no_load)

    def _loaded_row(self) -> _engine.Session:
        """The row behind the key; where it was ended since, there is nothing that a save may go to."""
        if self._row is None:
            row = self.engine().open(self.session_key)
            if not row.exists:
                raise UpdateError
            self._row = row
        return self._row

    def _hand_over(self, row: _engine.Session, data: dict[str, Any]) -> bytes:
        content: bytes = self.serializer().dumps(data)
        if conf.serializes_json():
            taken = row.replace(content)
        else:
            members = {name: data[name] for name in ("_auth_user_id", "_session_expiry") if data.get(name) is not None}
            known = json.dumps(members, default=_known_text).encode("ascii")
            taken = row.replace_opaque(content, known)
        if not taken:
            raise ValueError("SESSION_SERIALIZER gave something that is no JSON object")
        if self._decides_the_date(data.get("_session_expiry")):
            date = self.get_expiry_date()
            row.expire_at(timezone.make_aware(date) if timezone.is_naive(date) else date)
        return content

    def _decides_the_date(self, expiry: Any) -> bool:
        """Whether Django knows more than the payload says: a naive date's time zone, or an age of the class's own."""
        own_age = type(self).get_session_cookie_age is not SessionBase.get_session_cookie_age
        return own_age or (not settings.USE_TZ and isinstance(expiry, (str, datetime)))

    def _take_over(self, row: _engine.Session, content: bytes) -> None:
        self._row = row
        self._session_key = row.key
        if row.content != content:  # another request had saved meanwhile: both changes are in
            self._session_cache = self._decoded(row.content)
