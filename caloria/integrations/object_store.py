"""A bucket of a store that speaks S3, by boto3, which only those install who use one.

Every file goes up in parts, each with its SHA-256, so that the store itself refuses a part that arrives
changed; a file that is small is one part.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC
from hashlib import sha256 as sha
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from caloria.integrations.store import PIECE_BYTES, Stored, StoreFailed
from caloria.models.kept import cached_property
from config import Config

PART_BYTES = 8 * 1024 * 1024
MOST_PARTS = 10_000
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 10, 60, 3
# Signatures name a region; a store that has none takes any.
ANY_REGION = "us-east-1"
MISSING = {"404", "NoSuchKey", "NotFound"}
NOT_INSTALLED = "S3_BUCKET is set, and boto3 is not installed. To mend: pip install -r requirements-s3.txt"


class ObjectStore:
    """The files under one prefix of a bucket."""

    def __init__(self, config: Config, bucket: str):
        self.config, self.bucket = config, bucket
        folder = config.s3_prefix.strip("/")
        self.prefix = f"{folder}/" if folder else ""

    @property
    def where(self) -> str:
        url = self.config.s3_endpoint_url
        return f"the bucket {self.bucket} at {urlsplit(url).hostname if url else 'AWS'}"

    @cached_property
    def client(self) -> Any:
        return connected(self.config)

    def keep(self, file: Path, name: str, sha256: str) -> None:
        with self.told(name):
            target = self.named(name)
            checksum = self.upload(file, target)
            try:
                self.compare(target, file.stat().st_size, checksum, sha256)
            except StoreFailed:
                self.client.delete_object(**target)
                raise

    def fetch(self, name: str, target: Path) -> None:
        with self.told(name), target.open("wb") as file:
            for piece in self.pieces(self.named(name)):
                file.write(piece)

    def stored(self) -> list[Stored]:
        with self.told():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix, Delimiter="/"
            )
            found = [each for page in pages for each in page.get("Contents", [])]
        return [self.listed(each) for each in found]

    def listed(self, each: dict[str, Any]) -> Stored:
        return Stored(
            each["Key"].removeprefix(self.prefix), each["Size"], each["LastModified"].astimezone(UTC)
        )

    def clean(self, ending: str) -> None:
        """Parts of what was never finished are in no list of files, and are paid for."""
        with self.told():
            left = self.client.list_multipart_uploads(Bucket=self.bucket, Prefix=self.prefix)
            for each in left.get("Uploads", []):
                if each["Key"].endswith(ending):
                    self.client.abort_multipart_upload(
                        Bucket=self.bucket, Key=each["Key"], UploadId=each["UploadId"]
                    )

    def named(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + name}

    def upload(self, file: Path, target: dict[str, str]) -> str:
        """Send a file, and give the checksum that the store must have of it."""
        begun = self.client.create_multipart_upload(**target, ChecksumAlgorithm="SHA256")
        target = {**target, "UploadId": begun["UploadId"]}
        try:
            digests, parts = self.send_parts(file, target)
            self.client.complete_multipart_upload(**target, MultipartUpload={"Parts": parts})
        except BaseException:
            with suppress(Exception):
                self.client.abort_multipart_upload(**target)
            raise
        return as_text(sha(b"".join(digests)).digest())

    def send_parts(self, file: Path, target: dict[str, str]) -> tuple[list[bytes], list[dict[str, Any]]]:
        digests, parts = [], []
        for number, piece in enumerate(read_parts(file), 1):
            digest = sha(piece).digest()
            checksum = {"ChecksumSHA256": as_text(digest)}
            answer = self.client.upload_part(**target, PartNumber=number, Body=piece, **checksum)
            digests.append(digest)
            parts.append({"PartNumber": number, "ETag": answer["ETag"], **checksum})
        return digests, parts

    def compare(self, target: dict[str, str], size: int, checksum: str, sha256: str) -> None:
        """Ask the store what it has; one that knows no checksums is made to give it all back."""
        head = self.client.head_object(**target, ChecksumMode="ENABLED")
        if theirs := head.get("ChecksumSHA256"):
            same = theirs.partition("-")[0] == checksum
        else:
            same = self.digest(target) == sha256
        if head["ContentLength"] != size or not same:
            raise StoreFailed(f"What {self.where} has is not what was sent to it.")

    def digest(self, target: dict[str, str]) -> str:
        digest = sha()
        for piece in self.pieces(target):
            digest.update(piece)
        return digest.hexdigest()

    def pieces(self, target: dict[str, str]) -> Iterator[bytes]:
        with closing(self.client.get_object(**target)["Body"]) as body:
            yield from body.iter_chunks(PIECE_BYTES)

    @contextmanager
    def told(self, name: str = "") -> Iterator[None]:
        """Say what went wrong without what the store or the library say: that may hold keys and addresses."""
        errors = library()[1]
        try:
            yield
        except errors.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if name and code in MISSING:
                raise StoreFailed(f"There is no {name} in {self.where}.") from None
            said = code if re.fullmatch(r"\w{1,60}", code) else "an error"
            raise StoreFailed(f"A copy in {self.where} failed: it answered {said}.") from None
        except errors.BotoCoreError as error:
            raise StoreFailed(f"A copy in {self.where} failed: {type(error).__name__}.") from None
        except OSError as error:
            raise StoreFailed(f"A copy for or from {self.where} failed here: {error.strerror}.") from None


def library() -> tuple[Any, Any]:
    """boto3, and the errors it raises. Raises StoreFailed where it is not installed."""
    try:
        import boto3
        from botocore import exceptions
    except ImportError:
        raise StoreFailed(NOT_INSTALLED) from None
    return boto3, exceptions


def connected(config: Config) -> Any:
    """A client with bounds in time. Without an access key boto3 asks the machine for its role."""
    from botocore.client import Config as Options

    return library()[0].client(
        "s3",
        endpoint_url=config.s3_endpoint_url,
        region_name=config.s3_region or ANY_REGION,
        aws_access_key_id=config.s3_access_key_id,
        aws_secret_access_key=config.s3_secret_access_key,
        config=Options(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            # Other stores seldom have a host name for each bucket, nor the checksums that are new at AWS.
            s3={"addressing_style": "path" if config.s3_endpoint_url else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def read_parts(file: Path) -> Iterator[bytes]:
    size = max(PART_BYTES, -(-file.stat().st_size // MOST_PARTS))
    with file.open("rb") as source:
        while piece := source.read(size):
            yield piece


def as_text(digest: bytes) -> str:
    return b64encode(digest).decode()
