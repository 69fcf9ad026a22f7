//! Contents from JSON by protobuf's mapping: camelCase names, 64-bit numbers as text, bytes as base64, enumerations by
//! name.

use std::fmt::Debug;

use data_encoding::BASE64;
use protocol::message::content::*;
use serde_json::Value;

/// A value that JSON can describe.
pub(super) trait FromJson: Sized {
    /// Reads it.
    fn from_json(value: &Value) -> Result<Self, String>;
}

impl FromJson for String {
    fn from_json(value: &Value) -> Result<Self, String> {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("{value} is no text"))
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, String> {
        value
            .as_bool()
            .ok_or_else(|| format!("{value} is no truth value"))
    }
}

impl FromJson for Vec<u8> {
    fn from_json(value: &Value) -> Result<Self, String> {
        BASE64
            .decode(String::from_json(value)?.as_bytes())
            .map_err(|error| error.to_string())
    }
}

macro_rules! numbers {
    ($($number:ty)*) => { $(
        impl FromJson for $number {
            fn from_json(value: &Value) -> Result<Self, String> {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                text.parse().map_err(|_| format!("{value} is no {}", stringify!($number)))
            }
        }
    )* };
}

numbers! { u32 u64 i64 }

/// An enumeration's value by its name in the schema, `DELETE_AFTER_READ` for `DeleteAfterRead`.
fn named<E: TryFrom<i32> + Debug>(value: &Value) -> Result<i32, String> {
    let name = String::from_json(value)?;
    let in_schema = |variant: &E| {
        let mut text = String::new();
        for character in format!("{variant:?}").chars() {
            if character.is_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.push(character.to_ascii_uppercase());
        }
        text
    };
    (0..32)
        .find(|number| E::try_from(*number).is_ok_and(|variant| in_schema(&variant) == name))
        .ok_or_else(|| format!("unknown name {name}"))
}

/// `data_message` as `dataMessage`; a leading `r#` is dropped.
fn json_name(field: &str) -> String {
    let mut name = String::new();
    let mut upper = false;
    for character in field.trim_start_matches("r#").chars() {
        match character {
            '_' => upper = true,
            _ if upper => {
                name.push(character.to_ascii_uppercase());
                upper = false;
            }
            _ => name.push(character),
        }
    }
    name
}

macro_rules! messages {
    ($( $message:ident { $($field:ident $kind:tt $($of:ident)?;)* } )*) => { $(
        impl FromJson for $message {
            fn from_json(value: &Value) -> Result<Self, String> {
                let fields = value.as_object().ok_or_else(|| format!("{value} is no object"))?;
                #[allow(unused_mut)]
                let mut message = Self::default();
                #[allow(unused_labels)]
                'fields: for (name, value) in fields {
                    $(
                        if *name == json_name(stringify!($field)) {
                            messages!(@set message $field value $kind $($of)?);
                            continue 'fields;
                        }
                    )*
                    return Err(format!("{} has no field {name} ({value})", stringify!($message)));
                }
                Ok(message)
            }
        }
    )* };
    (@set $message:ident $field:ident $value:ident one) => {
        $message.$field = Some(FromJson::from_json($value)?)
    };
    (@set $message:ident $field:ident $value:ident many) => {
        for item in $value.as_array().ok_or_else(|| format!("{} is no list", $value))? {
            $message.$field.push(FromJson::from_json(item)?);
        }
    };
    (@set $message:ident $field:ident $value:ident named $of:ident) => {
        $message.$field = Some(named::<$of>($value)?)
    };
}

messages! {
    Content {
        data_message one; call_message one; receipt_message one; typing_message one;
        data_extraction_notification one; unsend_request one; message_request_response one;
        shared_config_message one; expiration_type named ExpirationType; expiration_timer one; sig_timestamp one;
        pro_message one; pro_sig_for_community_message_only one;
    }
    ProMessage { proof one; profile_bitset one; msg_bitset one; }
    ProProof { version one; gen_index_hash one; rotating_public_key one; expiry_unix_ts one; sig one; }
    DataMessage {
        body one; attachments many; flags one; profile_key one; timestamp one; quote one; preview many; reaction one;
        profile one; open_group_invitation one; sync_target one; blocks_community_message_requests one;
        group_update_message one;
    }
    Profile { display_name one; profile_picture one; last_update_seconds one; }
    Quote { id one; author one; text one; attachments many; }
    QuotedAttachment { content_type one; file_name one; thumbnail one; flags one; }
    Preview { url one; title one; image one; }
    Reaction { id one; author one; emoji one; action named ReactionAction; }
    CommunityInvitation { url one; name one; }
    AttachmentPointer {
        id one; content_type one; key one; size one; thumbnail one; digest one; file_name one; flags one; width one;
        height one; caption one; url one;
    }
    CallMessage { r#type named CallType; sdps many; sdp_m_line_indexes many; sdp_mids many; uuid one; }
    ReceiptMessage { r#type named ReceiptType; timestamp many; }
    TypingMessage { timestamp one; action named TypingAction; }
    DataExtractionNotification { r#type named ExtractionType; timestamp one; }
    UnsendRequest { timestamp one; author one; }
    MessageRequestResponse { is_approved one; profile_key one; profile one; }
    SharedConfigMessage { kind named ConfigKind; seqno one; data one; }
    GroupUpdateMessage {
        invite_message one; info_change_message one; member_change_message one; promote_message one;
        member_left_message one; invite_response one; delete_member_content one;
        member_left_notification_message one;
    }
    GroupInvite { group_session_id one; name one; member_auth_data one; admin_signature one; }
    GroupPromote { group_identity_seed one; name one; }
    GroupInfoChange { r#type named GroupInfoChangeType; updated_name one; updated_expiration one; admin_signature one; }
    GroupMemberChange { r#type named GroupMemberChangeType; member_session_ids many; history_shared one; admin_signature one; }
    GroupMemberLeft {}
    GroupMemberLeftNotification {}
    GroupInviteResponse { is_approved one; }
    GroupDeleteMemberContent { member_session_ids many; message_hashes many; admin_signature one; }
}
