//! JSON-RPC 2.0 messages: from a line to calls, from results to lines.

use contract::{Command, Event, Failure};
use serde_json::{Map, Value, json};

use crate::wording;

/// The error codes of JSON-RPC 2.0 §5.1, and ours for a refused command.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const COMMAND_FAILED: i64 = -32000;

/// What one line asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// One message.
    Single(Incoming),
    /// Several, whose answers go out together.
    Batch(Vec<Incoming>),
}

/// One message of a line.
#[derive(Debug, PartialEq)]
pub(super) enum Incoming {
    /// A command to carry out.
    Call {
        /// Names the answer; `None` for notifications, which get none.
        id: Option<Value>,
        /// The command.
        command: Box<Command>,
    },
    /// Something that is answered with an error, or with nothing when it was a notification.
    Refused(Option<Value>),
}

/// Parses one line.
pub(super) fn parse(line: &[u8]) -> Line {
    match serde_json::from_slice(line) {
        Ok(Value::Array(messages)) if !messages.is_empty() => {
            Line::Batch(messages.into_iter().map(parse_message).collect())
        }
        Ok(message) => Line::Single(parse_message(message)),
        Err(_) => Line::Single(refused(
            Value::Null,
            PARSE_ERROR,
            "Parse error",
            "the line is not JSON",
        )),
    }
}

/// The answer to a line that is longer than allowed.
pub(super) fn too_long(most_bytes: usize) -> Value {
    error(
        Value::Null,
        PARSE_ERROR,
        "Parse error",
        json!({ "reason": format!("a line has at most {most_bytes} bytes") }),
    )
}

/// The answer to a command that was carried out.
pub(super) fn success(id: Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// The answer to a command that was refused: the stable code is in `data.code`.
pub(super) fn failure(id: Value, failure: &Failure) -> Value {
    let data = json!({ "code": failure.code.as_str(), "values": failure.values });
    error(id, COMMAND_FAILED, &wording::describe(failure), data)
}

/// The notification of an event.
pub(super) fn event(event: &Event) -> Value {
    json!({ "jsonrpc": "2.0", "method": "event", "params": event })
}

fn parse_message(message: Value) -> Incoming {
    let Value::Object(mut fields) = message else {
        return refused(Value::Null, INVALID_REQUEST, "Invalid Request", "not an object");
    };
    let id = match fields.remove("id") {
        None => None,
        Some(id @ (Value::Null | Value::Number(_) | Value::String(_))) => Some(id),
        Some(_) => {
            return refused(
                Value::Null,
                INVALID_REQUEST,
                "Invalid Request",
                "id is no text or number",
            );
        }
    };
    let answer_to = id.clone().unwrap_or(Value::Null);
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return refused(
            answer_to,
            INVALID_REQUEST,
            "Invalid Request",
            "jsonrpc is not \"2.0\"",
        );
    }
    let Some(Value::String(method)) = fields.remove("method") else {
        return refused(answer_to, INVALID_REQUEST, "Invalid Request", "method is missing");
    };
    if !Command::NAMES.contains(&method.as_str()) {
        return unless_notification(id, METHOD_NOT_FOUND, "Method not found", &method);
    }
    let params = match fields.remove("params") {
        None => Value::Object(Map::new()),
        Some(params @ Value::Object(_)) => params,
        Some(Value::Array(params)) if params.is_empty() => Value::Object(Map::new()),
        Some(_) => {
            return unless_notification(id, INVALID_PARAMS, "Invalid params", "params is not an object");
        }
    };
    match serde_json::from_value(json!({ "method": method, "params": params })) {
        Ok(command) => Incoming::Call {
            id,
            command: Box::new(command),
        },
        Err(reason) => unless_notification(id, INVALID_PARAMS, "Invalid params", &reason.to_string()),
    }
}

/// A well-formed notification is never answered, not even with an error (§4.1).
fn unless_notification(id: Option<Value>, code: i64, message: &str, reason: &str) -> Incoming {
    match id {
        Some(id) => refused(id, code, message, reason),
        None => Incoming::Refused(None),
    }
}

fn refused(id: Value, code: i64, message: &str, reason: &str) -> Incoming {
    Incoming::Refused(Some(error(id, code, message, json!({ "reason": reason }))))
}

fn error(id: Value, code: i64, message: &str, data: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message, "data": data } })
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
