"""Single sign-on by OpenID Connect, named in the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def provider_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return allauth's provider table: empty when no ZHICHENG_OIDC_SERVER is named.

    Args:
        environment: reads ZHICHENG_OIDC_SERVER (issuer address), _CLIENT, _SECRET or _SECRET_FILE, _NAME.
    """
    server = environment.get("ZHICHENG_OIDC_SERVER", "")
    if not server:
        return {}
    secret = environment.get("ZHICHENG_OIDC_SECRET", "")
    if not secret and (file := environment.get("ZHICHENG_OIDC_SECRET_FILE")):
        secret = Path(file).read_text(encoding="utf-8").strip()
    app = {
        "provider_id": "city",
        "name": environment.get("ZHICHENG_OIDC_NAME", "统一身份认证"),
        "client_id": environment.get("ZHICHENG_OIDC_CLIENT", ""),
        "secret": secret,
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def provider_origin(environment: Mapping[str, str]) -> str:
    """Return scheme and host of the provider, for the content policy."""
    parts = urlsplit(environment.get("ZHICHENG_OIDC_SERVER", ""))
    return f"{parts.scheme}://{parts.netloc}"
