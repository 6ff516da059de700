"""A store on this machine that speaks S3 and checks who asks: moto's server, on a free port."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@dataclass
class Account:
    """Who may use the store, and a bucket in it."""

    url: str
    bucket: str
    key_id: str
    secret: str

    @property
    def client(self) -> Any:
        return client("s3", self.url, self.key_id, self.secret)


@contextmanager
def s3_server() -> Iterator[Account]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield account(f"http://{host}:{port}")
    finally:
        server.stop()


def account(url: str) -> Account:
    # moto keeps both for all servers of a process, of which this may be the second.
    tell(url, "reset")
    tell(url, "reset-auth", "1000")
    people = client("iam", url, "anybody", "anything")
    people.create_user(UserName="caloria")
    key = people.create_access_key(UserName="caloria")["AccessKey"]
    people.put_user_policy(UserName="caloria", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    made = Account(url, "copies", key["AccessKeyId"], key["SecretAccessKey"])
    made.client.create_bucket(Bucket=made.bucket)
    # From the next request on, who asks is looked at.
    tell(url, "reset-auth", "0")
    return made


def tell(url: str, what: str, text: str = "") -> None:
    with urlopen(Request(f"{url}/moto-api/{what}", text.encode(), {"Content-Type": "text/plain"})):
        pass


def client(service: str, url: str, key_id: str, secret: str) -> Any:
    return boto3.client(
        service, endpoint_url=url, region_name=REGION, aws_access_key_id=key_id, aws_secret_access_key=secret
    )
