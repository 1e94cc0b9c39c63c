#!/usr/bin/env bash
# Installs PostgreSQL for the tests of the ledger, on Debian and Ubuntu and as root; elsewhere those
# tests are skipped and say so. The server that the package starts is not used: the tests run their
# own, on the loopback and in a temporary folder.
set -euo pipefail
for bin in /usr/lib/postgresql/*/bin; do
  if [ -x "$bin/initdb" ]; then exit 0; fi
done
if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "PostgreSQL is absent: its tests will be skipped (apt-get install postgresql)."
  exit 0
fi
echo "Installing PostgreSQL for the tests of the ledger (once)"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -y -q --no-install-recommends postgresql; } >/dev/null ||
  echo "It could not be installed: its tests will be skipped."
