"""Takes a pushed file off the wire: to disk as it comes, hashed, and no more than allowed."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, UnreadablePostError
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError

from catalog import conf

_CHUNK = 1 << 16
#: RFC 9530: ``sha-256=:BASE64:``.
_SHA256 = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


class TooLargeError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class LengthRequiredError(APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED


@dataclass(frozen=True, slots=True)
class Received:
    """A file on disk that goes when it is closed, and its SHA-256 in hexadecimal."""

    file: TemporaryUploadedFile
    checksum: str


def receive_body(request: HttpRequest, name: str) -> Received:
    """Write the body of ``request`` to disk. Raises what DRF answers with 400, 411 or 413."""
    length = _check_length(request)
    expected = _read_digest(request)
    file = TemporaryUploadedFile(name, request.content_type or "", length, None)
    digest = hashlib.sha256()
    for chunk in _read_chunks(request, length):
        digest.update(chunk)
        file.write(chunk)
    size = file.tell()
    file.seek(0)
    if size < length:
        raise ValidationError({"detail": f"Only {size} of {length} bytes arrived. Send it again."})
    if expected and expected != digest.digest():
        raise ValidationError({"detail": "Content-Digest does not fit the body. Send it again."})
    return Received(file, digest.hexdigest())


def _read_chunks(request: HttpRequest, length: int) -> Iterator[bytes]:
    """The body as it comes; it ends early where the sender hangs up."""
    left = length
    with suppress(UnreadablePostError):
        while left and (chunk := request.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _check_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    if not text.isdigit():
        raise LengthRequiredError(
            "Send a Content-Length header: curl does with --data-binary @FILE."
        )
    length, limit = int(text), conf.current().FEED_MAX_BYTES
    if length > limit:
        raise TooLargeError(
            f"The body has {length} bytes; up to {limit} are taken. "
            "Send it in parts, or raise ENSEMBLE['FEED_MAX_BYTES']."
        )
    if length == 0:
        raise ValidationError({"detail": "The body is empty. Send the feed's file as the body."})
    return length


def _read_digest(request: HttpRequest) -> bytes | None:
    header = request.headers.get("Content-Digest", "")
    found = _SHA256.search(header)
    if not found:
        return None
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error as error:
        raise ValidationError(
            {"detail": "Content-Digest cannot be read; write it as sha-256=:BASE64:."}
        ) from error
