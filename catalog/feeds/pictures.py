"""Pictures that come with a feed, by name: out of a folder or a zip, and never out of elsewhere."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from catalog import conf
from catalog.feeds.base import FeedError

EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")


class PictureError(Exception):
    """A named picture cannot be taken; the message says why."""


class Pictures(Protocol):
    """Where pictures come from."""

    def read(self, name: str) -> bytes | None:
        """The bytes of the picture called ``name``; None if there is none.

        Raises `PictureError` for a name that leads elsewhere, or a file over the size limit.
        """
        ...


class NoPictures:
    """A feed that came alone."""

    def read(self, name: str) -> bytes | None:
        return None


class FolderPictures:
    """Pictures under one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def read(self, name: str) -> bytes | None:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            raise PictureError(f"{name!r} lies outside the folder of pictures")
        if not path.is_file():
            return None
        _check_size(name, path.stat().st_size)
        return path.read_bytes()


class ZipPictures:
    """Pictures in a zip, found by their path in it or, where only one has it, by their name."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise FeedError(
                f"The pictures cannot be opened as a zip ({error}). Pack them again and retry."
            ) from error
        self._members = self._index()

    def _index(self) -> dict[str, zipfile.ZipInfo | None]:
        members: dict[str, zipfile.ZipInfo | None] = {}
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        for info in infos:
            name = PurePosixPath(info.filename).name
            # None: several folders have a picture of that name, so the name alone is no answer.
            members[name] = info if name not in members else None
        return members | {info.filename: info for info in infos}

    def read(self, name: str) -> bytes | None:
        info = self._members.get(name.replace("\\", "/"))
        if info is None:
            return None
        _check_size(name, info.file_size)
        try:
            with self._zip.open(info) as member:
                # The size that a zip declares may be a lie; what is read is the limit's business.
                data = member.read(conf.current().IMAGE_MAX_BYTES + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,
            NotImplementedError,
            OSError,
        ) as error:
            raise PictureError(f"{name!r} cannot be unpacked: {error}") from error
        _check_size(name, len(data))
        return data


def open_pictures(path: Path | None) -> Pictures:
    """Pictures of a folder or a zip. Raises `FeedError` when ``path`` is neither."""
    if path is None:
        return NoPictures()
    if path.is_dir():
        return FolderPictures(path)
    if path.is_file():
        return ZipPictures(path)
    raise FeedError(f"There is no folder or zip of pictures at {path}.")


def find_pictures(
    pictures: Pictures, sku: str, names: tuple[str, ...]
) -> tuple[list[bytes], list[str]]:
    """The pictures that a row names, or else the one called as its SKU; and what went wrong."""
    found: list[bytes] = []
    problems = []
    for name in names or tuple(sku + extension for extension in EXTENSIONS):
        try:
            data = _read_named(pictures, name)
        except PictureError as error:
            problems.append(str(error))
            continue
        if data is not None:
            found.append(data)
        elif names:
            problems.append(f"picture {name!r} is not among the pictures")
        if found and not names:
            break
    return found, problems


def _read_named(pictures: Pictures, name: str) -> bytes | None:
    if urlsplit(name).scheme in ("http", "https"):
        raise PictureError(f"picture {name!r} is an address; send pictures as a folder or a zip")
    if "\0" in name or len(name) > 255:
        raise PictureError("a picture's name is too long or not a name")
    return pictures.read(name)


def _check_size(name: str, size: int) -> None:
    limit = conf.current().IMAGE_MAX_BYTES
    if size > limit:
        raise PictureError(f"{name!r} is larger than {limit // 1024} KiB; save it smaller")
