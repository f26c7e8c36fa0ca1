"""The wire end of the misbehaving server: lengths that lie, connections that break, bytes that drip."""

import gzip
import re
import socket
import struct
import time
from html import unescape

from harvester.demo.server import Handler, Reply
from tests.faults.fault import Sent

_TITLE = re.compile(r"<dc:title[^>]*>(.*?)</dc:title>", re.DOTALL)


def title_in(metadata: str) -> str:
    """Give the title in a piece of Dublin Core."""
    found = _TITLE.search(metadata)
    return unescape(found[1]) if found else ""


class FaultyHandler(Handler):
    """Sends as `Sent` says."""

    def send(self, reply: Reply | Sent) -> None:
        """Put a reply on the wire, well or badly."""
        sent = reply if isinstance(reply, Sent) else Sent(*reply)
        if sent.delay_s:
            time.sleep(sent.delay_s)
        if sent.reset:
            self._reset()
            return
        sent = self._packed(sent)
        self.send_response(sent.status)
        for name, value in sent.headers:
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent.body) if sent.length is None else sent.length))
        self.end_headers()
        self._write(sent)

    def _packed(self, sent: Sent) -> Sent:
        """gzip as the plain server does, unless a fault has spoken about the encoding (an empty value: none)."""
        spoken = any(name.lower() == "content-encoding" for name, _ in sent.headers)
        if spoken or len(sent.body) < 1024 or not self._takes_gzip():
            return sent
        return sent._replace(body=gzip.compress(sent.body, 1, mtime=0)).with_header("Content-Encoding", "gzip")

    def _write(self, sent: Sent) -> None:
        body = sent.body if sent.cut_after is None else sent.body[: sent.cut_after]
        if sent.drip:
            self._drip(body, *sent.drip)
        else:
            self.wfile.write(body)
        if sent.cut_after is not None or sent.length is not None:
            self.wfile.flush()
            self.close_connection = True

    def _drip(self, body: bytes, size: int, pause_s: float) -> None:
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
            time.sleep(pause_s)

    def _reset(self) -> None:
        """Close with a linger of nothing: the peer sees a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
