#!/bin/sh
# A folder into a new draft with nothing but tar and curl: deposit.sh SERVER FOLDER. The token is in MICRARIUM_TOKEN.
# At most 1,000 files and 16 MiB; larger ones go by `micrarium deposit`. Prints the address of the draft, where it is described and published.
set -eu
server=$1 folder=$2
draft=$(curl -sSf -X POST -H "authorization: Bearer $MICRARIUM_TOKEN" "$server/api/v1/drafts" | sed 's/.*"id":"\([^"]*\)".*/\1/')
tar -c -C "$folder" . |
  curl -sSf --data-binary @- -H 'content-type: application/x-tar' -H "authorization: Bearer $MICRARIUM_TOKEN" \
    "$server/api/v1/drafts/$draft/files.tar" >&2
echo "$server/deposit/$draft"
