"""Serves the site of DJANGO_SETTINGS_MODULE on a free port of 127.0.0.1, which it prints; a thread a request."""

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class Handler(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


server = ThreadedWSGIServer(("127.0.0.1", 0), Handler)
server.set_app(get_wsgi_application())
print(server.server_port, flush=True)
server.serve_forever()
