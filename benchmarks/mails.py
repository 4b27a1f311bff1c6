"""Whether everyone got their e-mail, exactly once, and how soon; and what became of the jobs."""

from collections.abc import Iterator
from dataclasses import dataclass

import database
from answers import Answer, percentiles
from flows import Ledger
from letters import Mailbox

DONE_WITHIN = 60.0  # seconds for what is left in the queue


@dataclass(frozen=True)
class Mails:
    """What is known of the e-mails of a run when it is over."""

    sent: int
    latencies: list[float]  # seconds from the acknowledgement of a registration to its e-mail
    without: int  # acknowledged registrations that got none
    twice: int  # accounts, acknowledged or not, with more than one
    unacknowledged_without: int  # accounts that are there, but got none
    to_nobody: int  # addresses without an account that got one
    queued: int  # jobs that are still to be done
    held: int  # jobs that have failed for good

    def gates(self) -> dict[str, bool]:
        once = (
            f"everyone who has registered was sent one e-mail: {self.without} none, "
            f"{self.unacknowledged_without} none without an acknowledgement, "
            f"{self.twice} more than one"
        )
        return {
            once: not (self.without or self.twice or self.unacknowledged_without),
            f"nobody else was sent any: {self.to_nobody} were": not self.to_nobody,
            f"all jobs are done: {self.queued} are left, {self.held} are held": (
                not (self.queued or self.held)
            ),
        }


async def mails_of(database_url: str, mailbox: Mailbox, ledger: Ledger) -> Mails:
    """Wait until the queue is empty, as long as that may take, and look at everything."""
    queued, held = await database.drained_queue(database_url, DONE_WITHIN)
    accounts = await database.addresses(database_url)
    mailbox.look()
    ids = mailbox.verification_ids()
    # Afterwards: what no client waits for any more may still become an account, and be sent one.
    to_nobody = mailbox.recipients() - await database.addresses(database_url)
    without = accounts - ids.keys()
    acknowledged = ledger.kept.accounts.keys()
    return Mails(
        sent=len(ids),
        latencies=[
            max(0.0, letter.written - ledger.registered_at[to])
            for to, letter in mailbox.verifications.items()
            if to in ledger.registered_at
        ],
        without=len(acknowledged - ids.keys()),
        twice=sum(len(message_ids) > 1 for message_ids in ids.values()),
        unacknowledged_without=len(without - acknowledged),
        to_nobody=len(to_nobody),
        queued=queued,
        held=held,
    )


def mails_as_answers(ledger: Ledger, mailbox: Mailbox) -> Iterator[Answer]:
    """E-mails as what answers registrations: their way leads through the worker."""
    for to, letter in mailbox.verifications.items():
        if sent := ledger.registered_at.get(to):
            yield Answer("e-mail", sent, max(sent, letter.written), True, None, "", "")


def print_mails(mails: Mails) -> None:
    p50, p99 = percentiles(mails.latencies)
    print(
        f"{mails.sent} e-mails, from the acknowledged registration to the mailbox: "
        f"median {1000 * p50:.0f} ms, p99 {p99:.1f} s, "
        f"longest {max(mails.latencies, default=0):.1f} s."
    )
