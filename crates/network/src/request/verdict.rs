//! What a node's answer means for the request. Spec: network §6 (NET-31 to NET-35)

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use protocol::onion::NodeReply;
use protocol::storage::replies::{SubReply, SwarmInfo};
use serde_json::Value;

use crate::bounds::parse_json;
use crate::seam::{RequestError, SwarmAnswer};

/// Longest text of a refusal that is passed on, in characters.
const MAX_REASON_CHARS: usize = 200;

/// What to do with an answer.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is the answer.
    Answer(SwarmAnswer),
    /// No other try will change it.
    Refused(RequestError),
    /// Another swarm keeps the account, perhaps this one.
    WrongSwarm(Option<SwarmInfo>),
    /// The request's time is off; the error, should it stay so.
    WrongClock(RequestError),
    /// The node cannot now.
    Overloaded,
    /// The node does not keep to the protocol.
    Nonsense,
}

/// Judges an answer by its status; a batch whose results all have the same failure counts as that failure.
pub(super) fn judge(node: [u8; 32], reply: &NodeReply) -> Verdict {
    if !(200..300).contains(&reply.status) {
        return judge_failure(reply.status, &reply.body);
    }
    let Some(body) = parse_json(reply.body.as_bytes()) else {
        return Verdict::Nonsense;
    };
    if body.get("results").is_none() {
        return Verdict::Answer(answer(node, reply.status, body));
    }
    let Ok(results) = SubReply::parse_all(&body) else {
        return Verdict::Nonsense;
    };
    let status = results
        .iter()
        .find(|result| !result.is_success())
        .map_or(200, |result| result.code);
    match results.first() {
        Some(first) if !first.is_success() && results.iter().all(|result| result.code == first.code) => {
            let text = match &first.body {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            judge_failure(first.code, &text)
        }
        _ => Verdict::Answer(answer(node, status, body)),
    }
}

/// An answer whose asker adds the members.
fn answer(node: [u8; 32], status: u16, body: Value) -> SwarmAnswer {
    SwarmAnswer {
        node,
        members: Vec::new(),
        status,
        body,
    }
}

fn judge_failure(status: u16, body: &str) -> Verdict {
    let refused = || {
        let reason = body
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_REASON_CHARS)
            .collect();
        RequestError::Refused { status, reason }
    };
    match status {
        406 | 425 => Verdict::WrongClock(refused()),
        421 => {
            let told = parse_json(body.as_bytes()).and_then(|body| SwarmInfo::parse(&body).ok());
            Verdict::WrongSwarm(told.filter(|told| !told.members.is_empty()))
        }
        408 | 429 | 500..=599 => Verdict::Overloaded,
        400..=499 => Verdict::Refused(refused()),
        _ => Verdict::Nonsense,
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str) -> Verdict {
        judge(
            [1; 32],
            &NodeReply {
                status,
                body: body.to_owned(),
            },
        )
    }

    fn refused(status: u16, reason: &str) -> RequestError {
        RequestError::Refused {
            status,
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn net_31_an_answer_is_json() {
        let body = serde_json::json!({"hash": "x"});
        let answer = answer([1; 32], 200, body);
        assert_eq!(verdict(200, r#"{"hash":"x"}"#), Verdict::Answer(answer));
        assert_eq!(verdict(200, "hello"), Verdict::Nonsense);
        assert_eq!(verdict(200, ""), Verdict::Nonsense);
        assert_eq!(verdict(302, ""), Verdict::Nonsense);
    }

    #[test]
    fn net_32_refusals_are_final_and_overload_is_not() {
        for status in [400, 401, 403, 404, 413] {
            assert_eq!(verdict(status, "no"), Verdict::Refused(refused(status, "no")));
        }
        for status in [429, 500, 502, 503, 504] {
            assert_eq!(verdict(status, "later"), Verdict::Overloaded);
        }
        assert_eq!(verdict(406, "clock"), Verdict::WrongClock(refused(406, "clock")));
    }

    #[test]
    fn net_32_a_reason_is_cut_and_cleaned() {
        let Verdict::Refused(RequestError::Refused { reason, .. }) = verdict(400, &"é\n".repeat(500)) else {
            panic!("not refused")
        };
        assert_eq!(reason, "é".repeat(200));
    }

    #[test]
    fn net_34_a_421_names_the_right_swarm_or_not() {
        let key = data_encoding::HEXLOWER.encode(&[2; 32]);
        let node = serde_json::json!({
            "pubkey_ed25519": key, "pubkey_x25519": key, "ip": "10.0.0.1", "port_https": 1, "port_omq": 2,
        });
        let body = serde_json::json!({"snodes": [node], "swarm": "f"}).to_string();
        assert!(matches!(verdict(421, &body), Verdict::WrongSwarm(Some(told)) if told.members.len() == 1));
        for body in [
            "",
            "{}",
            r#"{"snodes":[],"swarm":"f"}"#,
            r#"{"snodes":"x","swarm":"f"}"#,
        ] {
            assert_eq!(verdict(421, body), Verdict::WrongSwarm(None));
        }
    }

    #[test]
    fn net_35_a_batch_that_fails_as_one_counts_as_one() {
        let same = r#"{"results":[{"code":406,"body":"clock"},{"code":406,"body":"clock"}]}"#;
        assert_eq!(verdict(200, same), Verdict::WrongClock(refused(406, "clock")));
        let mixed = r#"{"results":[{"code":200,"body":{}},{"code":401,"body":"no"}]}"#;
        assert!(matches!(
            verdict(200, mixed),
            Verdict::Answer(SwarmAnswer { status: 401, .. })
        ));
        let good = r#"{"results":[{"code":200,"body":{}}]}"#;
        assert!(matches!(
            verdict(200, good),
            Verdict::Answer(SwarmAnswer { status: 200, .. })
        ));
        assert_eq!(verdict(200, r#"{"results":[{"code":"x"}]}"#), Verdict::Nonsense);
        assert!(matches!(verdict(200, r#"{"results":[]}"#), Verdict::Answer(_)));
    }
}
