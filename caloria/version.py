"""The version of this code, which CHANGELOG.md describes."""

VERSION = "0.2.0"
