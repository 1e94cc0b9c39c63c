#!/usr/bin/env bash
# Installs Chromium for the tests of the pages and for their pictures, on Debian and Ubuntu and as
# root; elsewhere those tests are skipped and say so. The tests start it without a window, with a
# fresh profile, and let it reach nothing but the server that they run.
set -euo pipefail
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Chromium is absent: its tests will be skipped (apt-get install chromium fonts-liberation)."
  exit 0
fi
echo "Installing Chromium for the tests of the pages (once)"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-liberation; } >/dev/null ||
  echo "It could not be installed: its tests will be skipped."
