//! `timers.json`: how long swarms keep a message, when its timer starts, and whether its times agree.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::content::{CallMessage, Content, DataMessage, TypingAction, UnsendRequest};
use protocol::message::expiration::{Arrival, Timer, on_arrival, read_elsewhere};
use protocol::message::outgoing::{SenderProfile, copy_ttl_ms, request_accepted, sync_copy, ttl_ms, typing};
use protocol::message::{Carrier, Disappearing, DisappearingMode, times_agree};
use serde_json::Value;

use super::field::{Check, equal, number, text};
use super::{CaseResult, each_case};

const SENT_AT: TimestampMs = TimestampMs(1_774_900_000_000);

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, |case| match text(case, "kind")? {
        "store_ttl" => store_ttl(case),
        "timer_start" => timer_start(case),
        "timestamp_check" => timestamp_check(case),
        other => Err(format!("unknown kind {other}")),
    })
}

fn store_ttl(case: &Value) -> Check {
    let content = Content {
        expiration_type: Some(i32::try_from(number(case, "expiration_type")?).map_err(|e| e.to_string())?),
        expiration_timer: Some(seconds(case, "expiration_timer_s")?),
        ..sent(text(case, "message")?)?
    };
    let ours = match case["is_sync_copy"].as_bool() {
        Some(false) => ttl_ms(&content),
        Some(true) => {
            let recipient = AccountId::account([7; 32]);
            copy_ttl_ms(&sync_copy(&content, recipient).ok_or("is not copied")?)
        }
        None => return Err("is_sync_copy is missing".into()),
    };
    equal("time to live", Some(ours), case["expected_ttl_ms"].as_u64())
}

fn sent(kind: &str) -> Result<Content, String> {
    Ok(match kind {
        "visible" => Content {
            data_message: Some(DataMessage {
                body: Some("hello".to_owned()),
                ..DataMessage::default()
            }),
            ..Content::default()
        },
        "typing" => typing(TypingAction::Started, SENT_AT),
        "call" => Content {
            call_message: Some(CallMessage::default()),
            ..Content::default()
        },
        "unsend" => Content {
            unsend_request: Some(UnsendRequest::default()),
            ..Content::default()
        },
        "messageRequestResponse" => request_accepted(&SenderProfile::default(), SENT_AT),
        other => return Err(format!("unknown message {other}")),
    })
}

fn timer_start(case: &Value) -> Check {
    let setting = Disappearing {
        mode: match number(case, "expiration_type")? {
            1 => DisappearingMode::AfterRead,
            2 => DisappearingMode::AfterSend,
            other => return Err(format!("unknown type {other}")),
        },
        seconds: seconds(case, "timer_s")?,
    };
    let timer = on_arrival(
        setting,
        &Arrival {
            mine: false,
            read: case["already_read"].as_bool().ok_or("already_read is missing")?,
            sent_at: SENT_AT,
            swarm_expires_at: TimestampMs(number(case, "swarm_expiry_ms")?),
            now: TimestampMs(number(case, "now_ms")?),
        },
    );
    let expires_at = match timer {
        Timer::Runs(expires_at) => expires_at,
        // The case takes the swarm's word; here it counts once it is proven.
        Timer::RunsUnproven(latest) => {
            let proven = TimestampMs(number(case, "swarm_expiry_ms")?);
            let now = TimestampMs(number(case, "now_ms")?);
            read_elsewhere(setting, SENT_AT, proven, now).unwrap_or(latest)
        }
        Timer::Waits | Timer::WaitsUnproven => {
            return equal("start", &Value::Null, &case["expected_start_ms"]);
        }
    };
    equal("expiry", expires_at.0, number(case, "expected_expires_ms")?)?;
    let started_at = expires_at.plus_ms(-setting.duration_ms());
    equal("start", started_at.0, number(case, "expected_start_ms")?)
}

fn timestamp_check(case: &Value) -> Check {
    let carrier = match case["community"].as_bool() {
        Some(true) => Carrier::Community,
        Some(false) => Carrier::Envelope,
        None => return Err("community is missing".into()),
    };
    let inner = case["sig_ms"].as_u64();
    let outer = TimestampMs(number(case, "envelope_ms")?);
    equal(
        "accepted",
        Some(times_agree(outer, inner, carrier)),
        case["accept"].as_bool(),
    )
}

fn seconds(case: &Value, name: &str) -> Result<u32, String> {
    u32::try_from(number(case, name)?).map_err(|error| format!("{name}: {error}"))
}
