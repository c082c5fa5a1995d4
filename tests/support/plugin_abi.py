"""Calls a plugin's library as celld does: through the C functions of sdk/include/cell/abi.h."""

import ctypes
import json

OK, FAILED = 0, 1


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_uint8)), ("length", ctypes.c_uint64)]


WRITE = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_uint64)


class Sink(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("context", ctypes.c_void_p), ("write", WRITE)]


LOG = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32, Bytes, Bytes)
CALL = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, Bytes, Bytes, ctypes.POINTER(Sink))


class Host(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("abi_minor", ctypes.c_uint32), ("context", ctypes.c_void_p), ("log", LOG), ("call", CALL)]


PLAN = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, Bytes, ctypes.POINTER(Sink))
HANDLE = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, Bytes, Bytes, ctypes.POINTER(Sink), ctypes.POINTER(Sink))
NOTIFY = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, Bytes, ctypes.POINTER(Sink))
CLOSE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Functions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("abi_major", ctypes.c_uint16), ("abi_minor", ctypes.c_uint16), ("instance", ctypes.c_void_p),
                ("plan", PLAN), ("handle", HANDLE), ("notify", NOTIFY), ("close", CLOSE)]


def bytes_of(text):
    raw = text.encode() if isinstance(text, str) else text
    buffer = (ctypes.c_uint8 * len(raw)).from_buffer_copy(raw)
    return Bytes(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_uint8)), len(raw))


class Collected:
    def __init__(self):
        self.pieces = []
        self._write = WRITE(self._take)  # kept: the sink does not
        self.sink = Sink(ctypes.sizeof(Sink), 0, None, self._write)

    def _take(self, _context, data, length):
        self.pieces.append(ctypes.string_at(data, length))
        return OK

    @property
    def text(self):
        return b"".join(self.pieces).decode()


class PluginError(Exception):
    def __init__(self, document):
        super().__init__(json.dumps(document, ensure_ascii=False))
        self.document = document


class Plugin:
    """`answer(method, request)` is what the host says to the plugin's calls; without it they are unsupported."""

    def __init__(self, library, answer=None):
        self._answer = answer
        self._host = Host(ctypes.sizeof(Host), 0, None, LOG(lambda *_: None), CALL(self._call))
        self._functions = Functions(size=ctypes.sizeof(Functions))
        entry = ctypes.CDLL(str(library)).cell_plugin_open
        error = Collected()
        if entry(ctypes.byref(self._host), ctypes.byref(self._functions), ctypes.byref(error.sink)) != OK:
            raise PluginError(json.loads(error.text))

    def _call(self, _context, method, request, reply):
        name = ctypes.string_at(method.data, method.length).decode()
        try:
            said, status = self._answer(name, json.loads(ctypes.string_at(request.data, request.length))), OK
        except Exception as problem:  # noqa: BLE001 - nothing may cross the border
            said, status = {"code": "unsupported", "message": str(problem)}, FAILED
        raw = bytes_of(json.dumps(said))
        reply.contents.write(reply.contents.context, raw.data, raw.length)
        return status

    def plan(self, config):
        answer = Collected()
        status = self._functions.plan(self._functions.instance, bytes_of(json.dumps(config)), ctypes.byref(answer.sink))
        if status != OK:
            raise PluginError(json.loads(answer.text))
        return json.loads(answer.text)

    def handle(self, method, path, principal=None):
        """(status, document) of one of the plugin's own routes."""
        head, body = Collected(), Collected()
        request = {"method": method, "path": path, "params": {}, "query": {}, "headers": {}, "principal": principal, "request_id": "test"}
        status = self._functions.handle(self._functions.instance, bytes_of(json.dumps(request)), bytes_of(b""), ctypes.byref(head.sink), ctypes.byref(body.sink))
        if status != OK:
            raise PluginError(json.loads(head.text))
        return json.loads(head.text)["status"], json.loads(body.text)
