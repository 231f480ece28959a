"""GeoReport servers on a loopback port."""

import contextlib
import http.server
import threading

import loopback


@contextlib.contextmanager
def served(app):
    """An application of GeoReport on a free port of this machine; gives its address."""
    with loopback.served(app) as address:
        yield f"{address}/open311/v2"


@contextlib.contextmanager
def answering(answers):
    """A server that answers each path with status, headers and body; gives its address and what was asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, headers, body = answers(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  (the name that http.server calls)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v2", asked
    finally:
        server.shutdown()
        server.server_close()
