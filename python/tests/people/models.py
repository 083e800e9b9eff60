"""A user model with a UUID for its key, and neither name nor e-mail."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class PersonManager(BaseUserManager):
    def create_user(self, handle, password=None):
        person = self.model(handle=handle)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    handle = models.CharField(max_length=40, unique=True)

    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "handle"
    objects = PersonManager()
