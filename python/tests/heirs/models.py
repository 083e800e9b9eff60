"""User models that keep their names and passwords elsewhere, or have none."""

from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.db import models


class Person(AbstractUser):
    pass


class Heir(Person):
    """One by multi-table inheritance: its own table has the key alone."""

    title = models.CharField(max_length=40, blank=True)


class Customer(Heir):
    class Meta:
        proxy = True


class Ghost(AbstractBaseUser):
    """One of a single sign-on."""

    password = None
    name = models.CharField(max_length=40, unique=True)
    USERNAME_FIELD = "name"
