//! Reading typed values out of JSON or bencoded parameters, with the texts that nodes answer to wrong ones.

use serde_json::{Map, Number, Value as Json};

use crate::TimestampMs;
use crate::bencode::{self, Dict};
use crate::storage::{Namespace, NamespaceScope};

/// Why parameters are refused. The texts are what every node answers, to the letter. STO-41.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParamError {
    /// A value of another type than the field has.
    #[error("Invalid value given for '{field}': expected {expected}")]
    WrongType {
        /// The field.
        field: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// A namespace beyond 16 bits.
    #[error("Invalid value given for '{0}': value out of range")]
    OutOfRange(&'static str),
    /// Text that is no number, where text is taken for one; the text in JSON form.
    #[error("Invalid value given for '{field}': {text}")]
    NotANumber {
        /// The field.
        field: &'static str,
        /// What stands there, quoted as in JSON.
        text: String,
    },
    /// A time so small that it must be in seconds.
    #[error("Invalid timestamp for '{0}': timestamp must be in milliseconds")]
    NotMilliseconds(&'static str),
    /// A field that must be there.
    #[error("Required field '{0}' missing")]
    Missing(&'static str),
    /// One of two fields must be there.
    #[error("Required field '{0}' or '{1}' missing")]
    MissingEither(&'static str, &'static str),
    /// Two fields that exclude each other.
    #[error("Cannot specify both '{0}' and '{1}'")]
    Both(&'static str, &'static str),
    /// A message that is too large.
    #[error("Message body exceeds maximum allowed length of {0} bytes")]
    DataTooLong(usize),
    /// A name of the daemon's that clients may not ask for.
    #[error("Invalid oxend endpoint '{0}'")]
    OxendEndpoint(String),
    /// A text that is no message hash.
    #[error("invalid message hash: {0}")]
    MessageHash(String),
    /// More tokens than one request may revoke.
    #[error("invalid revoke: cannot revoke more than {0} subaccounts at once")]
    TooManyTokens(usize),
    /// A method that does not exist, within a batch or sequence.
    #[error("Invalid batch subrequest: invalid method \"{0}\"")]
    SubrequestMethod(String),
    /// A method that does not exist, within a branch; nodes name the branch where one expects the method.
    #[error("Invalid ifelse request method \"{0}\"")]
    BranchMethod(&'static str),
    /// A branch that is malformed.
    #[error("Invalid ifelse request: {branch} {problem}")]
    Branch {
        /// `then` or `else`.
        branch: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Anything else, in the node's words.
    #[error("{0}")]
    Other(&'static str),
}

/// Times below this many milliseconds are taken for a mistake: 10^9 ms is 1970-01-12.
const LEAST_TIMESTAMP_MS: i64 = 1_000_000_000;

/// The parameters of a request, in either form. A JSON `null` counts as absent.
#[derive(Clone, Copy)]
pub(super) enum Params<'p> {
    Json(&'p Map<String, Json>),
    Bencoded(&'p Dict<'p>),
}

/// One value in either form.
#[derive(Clone, Copy)]
enum Field<'p> {
    Json(&'p Json),
    Bencoded(&'p bencode::Value<'p>),
}

impl<'p> Field<'p> {
    /// The integer, also a negative one; never a float or text.
    fn integer(self) -> Option<i128> {
        match self {
            Self::Json(Json::Number(n)) => json_integer(n),
            Self::Json(_) => None,
            Self::Bencoded(value) => value.as_int(),
        }
    }

    /// A JSON integer that is not negative, or any bencoded one.
    fn timestamp(self) -> Option<TimestampMs> {
        let n = self.integer()?;
        match self {
            Self::Json(_) if n < 0 => None,
            Self::Json(_) => Some(TimestampMs(clamp_i64(n))),
            Self::Bencoded(_) => i64::try_from(n).ok().map(TimestampMs),
        }
    }

    fn text(self) -> Option<&'p [u8]> {
        match self {
            Self::Json(value) => value.as_str().map(str::as_bytes),
            Self::Bencoded(value) => value.as_bytes(),
        }
    }

    /// The items of a list, or the value itself: one value may stand where a list is meant.
    fn items(self) -> Vec<Field<'p>> {
        match self {
            Self::Json(Json::Array(items)) => items.iter().map(Field::Json).collect(),
            Self::Bencoded(bencode::Value::List(items)) => items.iter().map(Field::Bencoded).collect(),
            single => vec![single],
        }
    }
}

pub(super) fn json_integer(n: &Number) -> Option<i128> {
    n.as_u64().map(i128::from).or_else(|| n.as_i64().map(i128::from))
}

/// Holds an integer at the ends of the range of `i64`.
fn clamp_i64(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

impl<'p> Params<'p> {
    /// Whether byte strings are raw, not base64 or hex.
    pub(super) const fn is_binary(self) -> bool {
        matches!(self, Self::Bencoded(_))
    }

    fn field(self, name: &str) -> Option<Field<'p>> {
        match self {
            Self::Json(map) => map.get(name).filter(|value| !value.is_null()).map(Field::Json),
            Self::Bencoded(dict) => dict.get(name.as_bytes()).map(Field::Bencoded),
        }
    }

    fn read<T>(
        self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(Field<'p>) -> Option<T>,
    ) -> Result<Option<T>, ParamError> {
        self.field(field)
            .map(|value| read(value).ok_or(ParamError::WrongType { field, expected }))
            .transpose()
    }

    pub(super) fn text(self, field: &'static str) -> Result<Option<&'p [u8]>, ParamError> {
        self.read(field, "string", Field::text)
    }

    pub(super) fn texts(self, field: &'static str) -> Result<Option<Vec<&'p [u8]>>, ParamError> {
        self.read(field, "string array", |value| {
            value.items().into_iter().map(Field::text).collect()
        })
    }

    pub(super) fn flag(self, field: &'static str) -> Result<Option<bool>, ParamError> {
        self.read(field, "boolean", |value| match value {
            Field::Json(value) => value.as_bool(),
            Field::Bencoded(value) => match value.as_int() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                Some(_) | None => None,
            },
        })
    }

    /// An integer, held at the ends of the range of `i32`.
    pub(super) fn integer(self, field: &'static str) -> Result<Option<i32>, ParamError> {
        self.read(field, "integer", |value| value.integer().map(clamp_i32))
    }

    /// Integers, each held at the ends of the range of `i32`.
    pub(super) fn integers(self, field: &'static str) -> Result<Option<Vec<i32>>, ParamError> {
        self.read(field, "integer array", |value| {
            value
                .items()
                .into_iter()
                .map(|item| item.integer().map(clamp_i32))
                .collect()
        })
    }

    pub(super) fn timestamp(self, field: &'static str) -> Result<Option<TimestampMs>, ParamError> {
        let time = self.read(field, "integer timestamp (in milliseconds)", Field::timestamp)?;
        match time {
            Some(time) if !self.is_binary() && time.0 < LEAST_TIMESTAMP_MS => {
                Err(ParamError::NotMilliseconds(field))
            }
            time => Ok(time),
        }
    }

    pub(super) fn timestamps(self, field: &'static str) -> Result<Option<Vec<TimestampMs>>, ParamError> {
        self.read(field, "timestamp array", |value| {
            value.items().into_iter().map(Field::timestamp).collect()
        })
    }

    /// The time of a message: any JSON integer or its decimal text.
    pub(super) fn message_time(self, field: &'static str) -> Result<Option<TimestampMs>, ParamError> {
        if self.is_binary() {
            return self.timestamp(field);
        }
        if let Some(n) = self.decimal_text::<i64>(field)? {
            return Ok(Some(TimestampMs(n)));
        }
        self.read(field, "integer", |value| {
            value.integer().map(|n| TimestampMs(clamp_i64(n)))
        })
    }

    /// A duration in milliseconds: a JSON integer that is not negative, or its decimal text.
    pub(super) fn duration_ms(self, field: &'static str) -> Result<Option<i64>, ParamError> {
        if let Some(n) = self.decimal_text::<u64>(field)? {
            return Ok(Some(clamp_i64(i128::from(n))));
        }
        self.read(field, "positive integer", |value| {
            value.integer().filter(|n| *n >= 0).map(clamp_i64)
        })
    }

    /// The number that a JSON text spells; `None` when the field is not text.
    fn decimal_text<T: std::str::FromStr>(self, field: &'static str) -> Result<Option<T>, ParamError> {
        let Some(Field::Json(Json::String(text))) = self.field(field) else {
            return Ok(None);
        };
        // The parser of the standard library would also take a plus sign.
        match text.parse() {
            Ok(n) if !text.starts_with('+') => Ok(Some(n)),
            Ok(_) | Err(_) => Err(ParamError::NotANumber {
                field,
                text: Json::from(text.as_str()).to_string(),
            }),
        }
    }

    pub(super) fn namespace(self, field: &'static str) -> Result<Option<Namespace>, ParamError> {
        const EXPECTED: &str = "16-bit integer";
        let Some(n) = self.read(field, EXPECTED, Field::integer)? else {
            return Ok(None);
        };
        self.to_namespace(field, EXPECTED, n).map(Some)
    }

    pub(super) fn scope(self, field: &'static str) -> Result<Option<NamespaceScope>, ParamError> {
        const EXPECTED: &str = "integer or \"all\"";
        let Some(value) = self.field(field) else {
            return Ok(None);
        };
        if value.text() == Some(b"all") {
            return Ok(Some(NamespaceScope::All));
        }
        let n = value.integer().ok_or(ParamError::WrongType {
            field,
            expected: EXPECTED,
        })?;
        self.to_namespace(field, EXPECTED, n)
            .map(|namespace| Some(NamespaceScope::One(namespace)))
    }

    fn to_namespace(
        self,
        field: &'static str,
        expected: &'static str,
        n: i128,
    ) -> Result<Namespace, ParamError> {
        i16::try_from(n).map(Namespace).map_err(|_| match self {
            Self::Json(_) => ParamError::OutOfRange(field),
            Self::Bencoded(_) => ParamError::WrongType { field, expected },
        })
    }

    /// Any JSON value as it is; in bencode a text that holds JSON.
    pub(super) fn any(self, field: &'static str) -> Result<Option<Json>, ParamError> {
        match self.field(field) {
            None => Ok(None),
            Some(Field::Json(value)) => Ok(Some(value.clone())),
            Some(Field::Bencoded(value)) => {
                let expected = "string";
                let text = value
                    .as_bytes()
                    .ok_or(ParamError::WrongType { field, expected })?;
                let value: Json = serde_json::from_slice(text).map_err(|_| {
                    ParamError::Other("oxend_request params field does not contain valid json")
                })?;
                Ok(Some(value).filter(|value| !value.is_null()))
            }
        }
    }
}

fn clamp_i32(n: i128) -> i32 {
    i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX })
}
