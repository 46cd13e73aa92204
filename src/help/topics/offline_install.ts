import type { Topic } from "../topic.ts";

export const OFFLINE_INSTALL: Topic = {
  name: "offline-install",
  summary: "Install and upgrade on a host without a network",
  text: `The program is one file. Nothing has to be installed beside it.

1. On another machine, take from a release: the executable for the host's
   system, and SHA256SUMS.

2. On the host, check that it is whole:
     sha256sum --check --ignore-missing SHA256SUMS
   A release also has a signed statement of which workflow made it, which
   GitHub's gh verifies without a network.

3. Copy it, and look whether it runs:
     install -m 755 limacharlie-VERSION-TARGET /usr/local/bin/limacharlie
     limacharlie demo
   demo holds a whole conversation with a server in the same process. It needs
   no network, no account and no home folder.

4. Have your shell complete it:
     limacharlie completions install

5. Sign in without a browser, with an API key from a file, or typed:
     limacharlie auth login --oid OID --api-key-from-stdin <key.txt
   --uid UID is for a user's key; --no-verify saves it where nothing can be
   reached yet. For chats:
     limacharlie ai auth claude set-key --key-from-stdin <anthropic-key.txt

Upgrading takes a file, too, and its hash from a SHA256SUMS that you checked:
     limacharlie upgrade --from FILE --sha256 HASH
The executable from before is kept beside the new one, and upgrade ends with
the command that brings it back. Nothing looks for updates, ever.

What proxies and firewalls have to allow: limacharlie help networks
`,
};
