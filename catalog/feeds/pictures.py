"""Pictures that a feed names: files out of a folder or a zip, and addresses to be fetched."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from catalog import conf
from catalog.feeds.base import FeedError
from catalog.fetching.addresses import URL_MAX_CHARS, is_address

EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")
_SHOWN_CHARS = 120


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


class Found(NamedTuple):
    """What was found: (position, bytes) of files, address -> position, and what went wrong."""

    files: list[tuple[int, bytes]]
    addresses: dict[str, int]
    problems: list[str]


def find_pictures(pictures: Pictures, sku: str, names: tuple[str, ...]) -> Found:
    """The pictures that a row names, or else the one called as its SKU.

    Names that are addresses are given back, to be fetched later.
    """
    if not names:
        return _find_by_sku(pictures, sku)
    found = Found([], {}, [])
    for position, name in enumerate(names):
        try:
            if is_address(name):
                found.addresses.setdefault(_read_address(name), position)
            elif (data := _read_named(pictures, name)) is not None:
                found.files.append((position, data))
            else:
                found.problems.append(f"picture {name!r} is not among the pictures")
        except PictureError as error:
            found.problems.append(str(error))
    return found


def _find_by_sku(pictures: Pictures, sku: str) -> Found:
    problems: list[str] = []
    for extension in EXTENSIONS:
        try:
            if (data := _read_named(pictures, sku + extension)) is not None:
                return Found([(0, data)], {}, problems)
        except PictureError as error:
            problems.append(str(error))
    return Found([], {}, problems)


def _read_address(name: str) -> str:
    shown = name if len(name) <= _SHOWN_CHARS else f"{name[:_SHOWN_CHARS]}..."
    if not conf.current().FETCH_PICTURES:
        raise PictureError(
            f"picture {shown!r} is an address, and ENSEMBLE['FETCH_PICTURES'] is off: send "
            "pictures as a folder or a zip"
        )
    address = f"https:{name}" if name.startswith("//") else name
    if len(address) > URL_MAX_CHARS:
        raise PictureError(f"picture {shown!r} is an address of over {URL_MAX_CHARS} characters")
    return address


def _read_named(pictures: Pictures, name: str) -> bytes | None:
    if "\0" in name or len(name) > 255:
        raise PictureError("a picture's name is too long or not a name")
    return pictures.read(name)


def _check_size(name: str, size: int) -> None:
    limit = conf.current().IMAGE_MAX_BYTES
    if size > limit:
        raise PictureError(f"{name!r} is larger than {limit // 1024} KiB; save it smaller")
