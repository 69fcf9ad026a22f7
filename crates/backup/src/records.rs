//! The records inside a backup.
//!
//! A record is `kind (1) || length of the body (4, little-endian) || body`; a body has at most 1,048,576 bytes. The kinds:
//!
//! | kind | body |
//! |---|---|
//! | 1 | [`Head`]; first, once |
//! | 2 | [`Identity`]; at most once |
//! | 3 | [`Preferences`]; at most once |
//! | 4 | [`Contact`] |
//! | 5 | [`Removed`] |
//! | 6 | [`Conversation`] |
//! | 7 | [`Message`]; behind its conversation |
//! | 8 | the announcement of a file's bytes; behind its message |
//! | 9 | the next bytes of that file; until it has as many as announced |
//! | 10 | [`Totals`]; last, once |
//!
//! All but kind 9 are JSON. Kinds from 128 on may be passed over by who does not know them; other unknown kinds may not.

use std::io::{Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{
    Contact, Conversation, Head, Identity, Malformed, Message, OpenError, Preferences, Removed, SealedReader,
    SealedWriter,
};

const HEAD: u8 = 1;
const IDENTITY: u8 = 2;
const PREFERENCES: u8 = 3;
const CONTACT: u8 = 4;
const REMOVED: u8 = 5;
const CONVERSATION: u8 = 6;
const MESSAGE: u8 = 7;
const CONTENT: u8 = 8;
const PIECE: u8 = 9;
const TOTALS: u8 = 10;
/// The first kind that may be passed over.
const OPTIONAL: u8 = 128;

const MOST_BODY: usize = 1 << 20;
/// Bytes of a record of kind 9, as they are written.
const PIECE_LEN: usize = 1 << 16;
/// A file has at most so many bytes: more than any that can be sent or received.
const MOST_FILE: u32 = 16 << 20;

/// The last record: how much there was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Messages.
    pub messages: u64,
    /// Files with their bytes.
    pub files: u64,
}

/// The bytes of a file of the message before them.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// Which of the message's files, from 0.
    pub position: u32,
    /// All of them.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(redacted)")
    }
}

#[derive(Serialize, Deserialize)]
struct Announcement {
    position: u32,
    size: u32,
}

/// One thing that a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The account itself.
    Identity(Identity),
    /// What the user likes.
    Preferences(Preferences),
    /// Somebody who is known.
    Contact(Contact),
    /// A message that is not to come back.
    Removed(Removed),
    /// A conversation.
    Conversation(Conversation),
    /// A message of the conversation before it.
    Message(Message),
    /// A file of the message before it.
    Content(Content),
}

/// Writes a backup. Without [`Writer::finish`] what was written is none.
pub struct Writer<W> {
    out: SealedWriter<W>,
    totals: Totals,
}

impl<W: Write> Writer<W> {
    /// Begins with whose backup it is.
    ///
    /// # Errors
    /// The writer's failure.
    pub fn new(out: SealedWriter<W>, head: &Head) -> std::io::Result<Self> {
        let mut writer = Self {
            out,
            totals: Totals::default(),
        };
        writer.json(HEAD, head)?;
        Ok(writer)
    }

    /// Writes one thing; a reader wants them in the order of the module's table.
    ///
    /// # Errors
    /// The writer's failure; a thing that is longer than any may be.
    pub fn item(&mut self, item: &Item) -> std::io::Result<()> {
        match item {
            Item::Identity(identity) => self.json(IDENTITY, identity),
            Item::Preferences(preferences) => self.json(PREFERENCES, preferences),
            Item::Contact(contact) => self.json(CONTACT, contact),
            Item::Removed(removed) => self.json(REMOVED, removed),
            Item::Conversation(conversation) => self.json(CONVERSATION, conversation),
            Item::Message(message) => {
                self.totals.messages = self.totals.messages.saturating_add(1);
                self.json(MESSAGE, message)
            }
            Item::Content(content) => self.content(content),
        }
    }

    /// Ends the backup and answers the writer.
    ///
    /// # Errors
    /// The writer's failure.
    pub fn finish(mut self) -> std::io::Result<(W, Totals)> {
        let totals = self.totals;
        self.json(TOTALS, &totals)?;
        Ok((self.out.finish()?, totals))
    }

    fn content(&mut self, content: &Content) -> std::io::Result<()> {
        let size = u32::try_from(content.bytes.len())
            .ok()
            .filter(|size| *size <= MOST_FILE)
            .ok_or_else(too_long)?;
        let position = content.position;
        self.totals.files = self.totals.files.saturating_add(1);
        self.json(CONTENT, &Announcement { position, size })?;
        for piece in content.bytes.chunks(PIECE_LEN) {
            self.record(PIECE, piece)?;
        }
        Ok(())
    }

    fn json<T: Serialize>(&mut self, kind: u8, value: &T) -> std::io::Result<()> {
        let body = zeroize::Zeroizing::new(serde_json::to_vec(value)?);
        self.record(kind, &body)
    }

    fn record(&mut self, kind: u8, body: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(body.len())
            .ok()
            .filter(|_| body.len() <= MOST_BODY)
            .ok_or_else(too_long)?;
        self.out.write_all(&[kind])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(body)
    }
}

fn too_long() -> std::io::Error {
    std::io::Error::other("longer than a backup may hold")
}

/// Reads a backup, one thing after the other.
pub struct Reader<R> {
    input: SealedReader<R>,
    head: Head,
    seen: Totals,
    /// Files of the last message; `None` before the first of a conversation.
    files: Option<usize>,
    in_conversation: bool,
    first: bool,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads whose backup it is.
    ///
    /// # Errors
    /// [`OpenError::WrongKeyOrDamaged`], [`OpenError::Malformed`], or the reader's failure.
    pub fn new(mut input: SealedReader<R>) -> Result<Self, OpenError> {
        let (kind, body) = read_record(&mut input)?.ok_or(Malformed::Cut)?;
        if kind != HEAD {
            return Err(Malformed::Order(kind).into());
        }
        let head = parse(HEAD, &body)?;
        Ok(Self {
            input,
            head,
            seen: Totals::default(),
            files: None,
            in_conversation: false,
            first: true,
            ended: false,
        })
    }

    /// Whose backup it is.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// How much has been read.
    pub const fn seen(&self) -> Totals {
        self.seen
    }

    /// The next thing; `None` at the end of a whole backup.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn next_item(&mut self) -> Result<Option<Item>, OpenError> {
        while !self.ended {
            let (kind, body) = read_record(&mut self.input)?.ok_or(Malformed::Cut)?;
            let first = std::mem::replace(&mut self.first, false);
            let item = match kind {
                IDENTITY if first => {
                    // Preferences may still follow.
                    self.first = true;
                    Item::Identity(parse(kind, &body)?)
                }
                PREFERENCES => Item::Preferences(parse(kind, &body)?),
                CONTACT => Item::Contact(parse(kind, &body)?),
                REMOVED => Item::Removed(parse(kind, &body)?),
                CONVERSATION => {
                    (self.in_conversation, self.files) = (true, None);
                    Item::Conversation(parse(kind, &body)?)
                }
                MESSAGE if self.in_conversation => {
                    let message: Message = parse(kind, &body)?;
                    self.files = Some(message.files.len());
                    self.seen.messages = self.seen.messages.saturating_add(1);
                    Item::Message(message)
                }
                CONTENT => Item::Content(self.content(&parse(kind, &body)?)?),
                TOTALS => {
                    self.end(&parse(kind, &body)?)?;
                    continue;
                }
                HEAD | IDENTITY | MESSAGE | PIECE => return Err(Malformed::Order(kind).into()),
                OPTIONAL.. => continue,
                _ => return Err(Malformed::UnknownKind(kind).into()),
            };
            return Ok(Some(item));
        }
        Ok(None)
    }

    fn content(&mut self, announced: &Announcement) -> Result<Content, OpenError> {
        let position = usize::try_from(announced.position).unwrap_or(usize::MAX);
        if self.files.is_none_or(|files| position >= files) {
            return Err(Malformed::Order(CONTENT).into());
        }
        if announced.size > MOST_FILE {
            return Err(Malformed::Long.into());
        }
        let size = usize::try_from(announced.size).unwrap_or(usize::MAX);
        // Grows with what comes, not with what was announced.
        let mut bytes = Vec::new();
        while bytes.len() < size {
            let (kind, piece) = read_record(&mut self.input)?.ok_or(Malformed::Cut)?;
            let fits = !piece.is_empty() && piece.len() <= size.saturating_sub(bytes.len());
            if kind != PIECE || !fits {
                return Err(Malformed::Order(kind).into());
            }
            bytes.extend_from_slice(&piece);
        }
        self.seen.files = self.seen.files.saturating_add(1);
        Ok(Content {
            position: announced.position,
            bytes,
        })
    }

    fn end(&mut self, totals: &Totals) -> Result<(), OpenError> {
        if *totals != self.seen {
            return Err(Malformed::Counts.into());
        }
        match read_record(&mut self.input)? {
            Some((kind, _)) => Err(Malformed::Order(kind).into()),
            None => {
                self.ended = true;
                Ok(())
            }
        }
    }
}

fn parse<T: DeserializeOwned>(kind: u8, body: &[u8]) -> Result<T, Malformed> {
    serde_json::from_slice(body).map_err(|_| Malformed::Record(kind))
}

/// A record's kind and body; some hold secrets.
type Record = (u8, zeroize::Zeroizing<Vec<u8>>);

/// The next record; `None` where the file ends between two.
fn read_record<R: Read>(input: &mut SealedReader<R>) -> Result<Option<Record>, OpenError> {
    let mut start = [0; 5];
    match input.fill(&mut start)? {
        0 => return Ok(None),
        5 => {}
        _ => return Err(Malformed::Cut.into()),
    }
    let [kind, length @ ..] = start;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > MOST_BODY {
        return Err(Malformed::Long.into());
    }
    let mut body = zeroize::Zeroizing::new(vec![0; length]);
    if input.fill(&mut body)? < length {
        return Err(Malformed::Cut.into());
    }
    Ok(Some((kind, body)))
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
