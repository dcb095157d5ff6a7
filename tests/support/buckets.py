"""An S3 server on loopback (moto), and what tests do in its buckets behind our back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KEY, SECRET = "AKIAKLIPINGTESTS", "never-to-be-shown"


class Bucket:
    """A bucket of its own for one test."""

    def __init__(self, endpoint: str, client: Any, name: str) -> None:
        self.endpoint = endpoint
        self.url = f"s3://{name}/warcs/2026"
        self._client = client
        self._name = name

    def names(self) -> set[str]:
        found = self._client.list_objects_v2(Bucket=self._name).get("Contents", [])
        return {one["Key"].removeprefix("warcs/2026/") for one in found}

    def get(self, name: str) -> bytes:
        held = self._client.get_object(Bucket=self._name, Key=f"warcs/2026/{name}")
        return bytes(held["Body"].read())

    def put(self, name: str, content: bytes) -> None:
        self._client.put_object(Bucket=self._name, Key=f"warcs/2026/{name}", Body=content)

    def delete(self, name: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=f"warcs/2026/{name}")


class S3:
    """The server, for as long as it runs."""

    def __init__(self, endpoint: str) -> None:
        import boto3

        self.endpoint = endpoint
        self._made = 0
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def bucket(self) -> Bucket:
        self._made += 1
        name = f"kliping-{self._made}"
        self._client.create_bucket(Bucket=name)
        return Bucket(self.endpoint, self._client, name)


@contextmanager
def serving() -> Iterator[S3]:
    """Run the server on a free port of loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3(f"http://{host}:{port}")
    finally:
        server.stop()
