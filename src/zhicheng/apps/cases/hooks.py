"""Webhooks: case events as signed messages, tried again with growing pauses, never sent into the own network."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import secrets
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, region_prefix, require
from zhicheng.apps.cases.models import Delivery, Endpoint
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

TIMEOUT = 10
# Ten minutes, then twice as long each time: given up after about a week.
FIRST_PAUSE = timedelta(minutes=10)
MOST_TRIES = 10
OK = range(200, 300)


class AddressRefused(Refusal):
    """The address leads into a network that webhooks may not reach."""

    code = "address_refused"


@transaction.atomic
def add_endpoint(*, url: str, events: str, by: User) -> tuple[Endpoint, str]:
    """Add an address that is told of case events; returns it with its secret, which is shown once.

    Raises:
        AddressRefused: the address is not https, or leads to loopback or a private network.
    """
    require(by, "cases.hooks", region=by.region_code)
    reachable(url)
    secret = secrets.token_urlsafe(32)
    row = Endpoint.objects.create(
        url=url, events=events.strip(), region_code=by.region_code, secret=secret, made_by=by
    )
    record_event(
        by=by, action="cases.add_endpoint", subject=f"endpoint:{row.pk}", after={"url": url, "events": events}
    )
    return row, secret


@transaction.atomic
def switch_endpoint(*, number: int, active: bool, by: User) -> Endpoint:
    """Switch an endpoint on or off."""
    require(by, "cases.hooks", region=by.region_code)
    row = Endpoint.objects.filter(pk=number, region_code__startswith=region_prefix(by.region_code)).first()
    if row is None:
        raise NotFound(f"没有推送地址 {number}。", fix="请核对编号。")
    row.active = active
    row.save(update_fields=["active"])
    record_event(
        by=by, action="cases.switch_endpoint", subject=f"endpoint:{row.pk}", after={"active": active}
    )
    return row


def lay_ready(event: str, region: str, body: Mapping[str, object]) -> None:
    """Write a delivery for each endpoint whose region and events cover this, inside the transaction of the event."""
    for one in Endpoint.objects.filter(active=True):
        wanted = [word.strip() for word in one.events.split(",") if word.strip()]
        if region.startswith(region_prefix(one.region_code)) and (not wanted or event in wanted):
            text = json.dumps(dict(body), ensure_ascii=False, sort_keys=True)
            Delivery.objects.create(endpoint=one, event=event, body=text, next_at=timezone.now())


def deliver(now: datetime) -> tuple[int, int]:
    """Send what is due; returns how many were taken and how many failed."""
    done = failed = 0
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now, endpoint__active=True)
    for one in due.select_related("endpoint").order_by("pk")[:500]:
        problem = _try(one, now)
        one.tries += 1
        one.problem = problem[:290]
        if not problem:
            done += 1
            one.state, one.done_at = Delivery.State.DONE, now
        else:
            failed += 1
            one.next_at = now + FIRST_PAUSE * 2 ** (one.tries - 1)
            if one.tries >= MOST_TRIES:
                one.state = Delivery.State.GIVEN_UP
        one.save(update_fields=["tries", "problem", "state", "done_at", "next_at"])
    return done, failed


def _try(delivery: Delivery, now: datetime) -> str:
    body = delivery.body.encode()
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Zhicheng-Event": delivery.event,
        "Zhicheng-Delivery": str(delivery.pk),
        "Zhicheng-Timestamp": stamp,
        "Zhicheng-Signature": f"sha256={signature(delivery.endpoint.secret, stamp, body)}",
    }
    try:
        status = post(delivery.endpoint.url, body, headers)
    except Refusal as refusal:
        return refusal.what
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    return "" if status in OK else f"HTTP {status}"


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of time and body; the receiver computes the same and compares."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def reachable(url: str) -> tuple[str, int, str]:
    """Return host, port and the checked address of a URL.

    Raises:
        AddressRefused: not https, no such host, or an address of loopback, a private or a reserved network.
    """
    parts = urlsplit(url)
    private_too = bool(settings.ZHICHENG_HOOKS_PRIVATE)
    if parts.scheme not in (("http", "https") if private_too else ("https",)) or not parts.hostname:
        raise AddressRefused(
            f"推送地址“{url[:120]}”不是 https 地址。", fix="请填写 https:// 开头的完整地址。"
        )
    if parts.username or parts.password:
        raise AddressRefused("推送地址不能带用户名和密码。", fix="请用签名识别消息。")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise AddressRefused(f"推送地址的主机“{parts.hostname}”找不到。", fix="请核对地址。") from error
    addresses = [str(one[4][0]).split("%", 1)[0] for one in found]
    inside = [one for one in addresses if not _outside(one)]
    if inside and not private_too:
        raise AddressRefused(
            f"推送地址的主机“{parts.hostname}”指向本机或内部网络（{inside[0]}）。",
            fix="请使用公网地址；确需推送到内部网络时由系统管理员设置 ZHICHENG_HOOKS_PRIVATE。",
        )
    return parts.hostname, port, addresses[0]


def _outside(text: str) -> bool:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global and not address.is_multicast)


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, so that the name cannot lead elsewhere meanwhile."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._tls = address, tls

    def connect(self) -> None:
        """Connect to the checked address; the certificate must still be the host's."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a message; a redirect is not followed. Returns the status."""
    host, port, address = reachable(url)
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(host, port, address, tls=parts.scheme == "https")
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def endpoints(user: User) -> list[Endpoint]:
    """Return the endpoints of a person's region."""
    require(user, "cases.hooks", region=user.region_code)
    if not user.region_code:
        raise NotAllowed("账号没有区划。", fix="请由系统管理员设置区划。")
    return list(Endpoint.objects.filter(region_code__startswith=region_prefix(user.region_code)))
