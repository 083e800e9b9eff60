"""`manage.py test`: a session in Django's own test cases is one as any other."""

from django.contrib.auth.models import User
from django.test import TestCase, TransactionTestCase

from innkeeper.models import Session


class CartTest(TestCase):
    def test_what_goes_in_is_there_and_can_be_put_back(self) -> None:
        self.client.post("/add/honey/")
        self.client.post("/add/honey/")
        self.assertContains(self.client.get("/"), "2 × Heather honey")
        self.client.post("/remove/honey/")
        self.assertContains(self.client.get("/"), "Nothing in it yet")

    def test_a_look_at_the_shelf_makes_no_session(self) -> None:
        self.assertNotIn("sessionid", self.client.get("/").cookies)
        self.assertFalse(Session.objects.exists())

    def test_the_cart_comes_along_at_sign_in(self) -> None:
        user = User.objects.create_user("ada", password="a password")
        self.client.post("/add/bread/")
        self.client.post("/accounts/login/", {"username": "ada", "password": "a password"})
        self.assertContains(self.client.get("/"), "1 × Rye bread")
        self.assertEqual(user.session_set.active().count(), 1)

    def test_the_test_clients_own_session_works(self) -> None:
        session = self.client.session
        session["cart:candle"] = 3
        session.save()
        self.assertContains(self.client.get("/"), "3 × Beeswax candle")


class EndingTest(TransactionTestCase):
    """Without a transaction around it, as in life."""

    def test_ended_is_ended(self) -> None:
        user = User.objects.create_user("ada", password="a password")
        self.client.force_login(user)
        self.assertContains(self.client.get("/"), "Good day")
        user.session_set.all().delete()
        self.assertContains(self.client.get("/"), "Sign in")
