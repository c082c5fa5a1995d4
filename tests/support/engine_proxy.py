"""Stands between a celld and the container engine, and fails as told: the faults that a real engine won't make on request."""

import os
import socket
import threading

MODES = ("pass", "gone", "hang", "garbage", "half")


class EngineProxy:
    def __init__(self, path, engine="/var/run/docker.sock"):
        self.path, self.engine = str(path), engine
        self.mode = "pass"
        self.listener = None
        self.connections = set()
        self.lock = threading.Lock()
        self.listen()

    def listen(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def set(self, mode):
        """Also drops every connection, as an engine that goes down does."""
        assert mode in MODES
        was, self.mode = self.mode, mode
        if mode == "gone" and was != "gone":
            self.close_listener()
        with self.lock:
            for connection in list(self.connections):
                self.drop(connection)
        if was == "gone" and mode != "gone":
            self.listen()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections.add(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        mode = self.mode
        try:
            if mode == "hang":
                while client.recv(65536):
                    pass
            elif mode == "garbage":
                client.recv(65536)
                client.sendall(b"\x00\xff{]" * 2000)
            elif mode == "half":
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n[{\"Id\":\"a")
            else:
                self.pipe(client)
        except OSError:
            pass
        finally:
            with self.lock:
                self.drop(client)

    def pipe(self, client):
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(self.engine)
        with self.lock:
            self.connections.add(engine)

        def forward(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        up = threading.Thread(target=forward, args=(client, engine), daemon=True)
        up.start()
        forward(engine, client)
        up.join(timeout=60)
        with self.lock:
            self.drop(engine)

    def drop(self, connection):
        self.connections.discard(connection)
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()

    def close_listener(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def close(self):
        self.set("gone")
