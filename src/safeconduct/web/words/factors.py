"""Words for second factors: what each protects, and what not."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

WHAT_FOR: Final = _(
    "A second factor stands in the way of somebody who has learnt your passphrase and reaches the sign-in page. It does"
    " not protect a copied disk or backup: there your passphrase alone is the lock."
)
CODE: Final = _(
    "An app on your telephone shows six digits that change every half minute. A page that imitates this desk can ask"
    " you for them and use them at once: look at the address before you type."
)
KEY: Final = _(
    "A key you plug in or touch, or a passkey on your telephone or computer. It answers to this desk's own address"
    " only, so a page that imitates the desk gets nothing."
)
UNLOCKS: Final = _(
    "A key that also unlocks keeps your own key, locked by the device. That is as good as the device and its PIN: who"
    " has a copy of the disk, the device and its PIN needs no passphrase. A passkey that is copied to other devices is"
    " as good as the account it is copied through."
)
WHEN: Final = _(
    "You are asked for it when you sign in, and when you unlock a desk that was left locked since an earlier day. On"
    " the same day the passphrase alone unlocks, or a security key that you let do so."
)
LOST: Final = _(
    "If you lose every one of them, a guardian can take them away, which the log says; then the passphrase alone signs"
    " you in. Nobody can add one for somebody else."
)
NO_SITE: Final = _(
    "Browsers offer security keys only to a desk with a name: open it as http://localhost on this machine, or behind"
    " HTTPS. Codes work everywhere."
)
