"""The file that a new scheme begins with (docs/how-to/write-a-scheme.md shows the same)."""

from coding_app.schemes.writing import Put, edit_yaml

TEMPLATE = """\
# A coding scheme. Lines that begin with # are notes for you; the program does not read them.
format: 1
id: my-scheme               # a short name for software: small letters, digits and -
version: 0.1.0
status: draft               # draft | pilot | stable | retired
title: My scheme
language: en
summary: What observers code with this scheme, in a sentence or two.
license: Not decided yet
disclaimer: >-
  Written by our own team. Its scores must not be reported as those of a published instrument.
  Reliability has to be established by each team that uses it.

sources:                    # where its ideas come from, at least one
  - {key: own, role: concept, cite: "Our own work."}

requires: {audio: true, transcript: true, video: false, speaker_labels: true}

roles:                      # whom codes and ratings are about
  - {id: therapist, label: Therapist}
  - {id: client, label: Client}
  - {id: dyad, label: Both together}

units:                      # what is judged: segments of the transcript, five-minute blocks, the session
  segment: {kind: event, label: Segment}
  block: {kind: interval, label: Five-minute block, seconds: 300, keep_last_if_seconds: 120}
  session: {kind: session, label: Session}

passes:                     # what observers do, in this order
  - {id: listen, label: Listen once without coding, unit: session, codes: none, ratings: []}
  - {id: tag, label: Code the segments, unit: segment, codes: all}
  - {id: rate_session, label: Rate the session, unit: session, ratings: []}

scales:                     # the possible answers of ratings and of questions after a code
  strength:
    type: ordinal
    values:
      - {value: 1, label: slight, anchor: "An attentive listener could miss it."}
      - {value: 2, label: plain, anchor: "Clear to any listener."}
      - {value: 3, label: strong, anchor: "It sets the tone for a minute or more."}
  amount:
    type: ordinal
    values:
      - {value: 0, label: none, anchor: "No sign of it."}
      - {value: 1, label: a little, anchor: "One or two faint signs."}
      - {value: 2, label: moderate, anchor: "Plain signs at some points."}
      - {value: 3, label: a lot, anchor: "Plain or strong signs for about half of the time."}
      - {value: 4, label: throughout, anchor: "Hardly any stretch is free of it."}

attributes: {}              # what is asked after a code was given
criteria: {}                # the questions about a unit
codes: []                   # the possible answers to each question
rules: []                   # rules of decision
ratings: []                 # judgements on a block or on the session

changes:
  - {version: 0.1.0, date: "2026-01-01", note: "First draft."}
"""


def new_scheme(scheme_id: str, title: str, language: str, day: str) -> str:
    """The template with its own id, title, language and date (as 2026-11-23)."""
    return edit_yaml(
        TEMPLATE,
        [
            Put(("id",), scheme_id),
            Put(("title",), title),
            Put(("language",), language),
            Put(("changes", 0, "date"), day),
        ],
    )
