//! Rules of the schema.

use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

#[test]
fn msg_01_fields_are_written_in_the_order_of_their_numbers() {
    let content = Content {
        sig_timestamp: Some(1_754_971_101_000),
        expiration_timer: Some(0),
        expiration_type: Some(0),
        data_message: Some(DataMessage {
            profile: Some(Profile {
                display_name: Some("Alice".to_owned()),
                ..Profile::default()
            }),
            body: Some("hello".to_owned()),
            ..DataMessage::default()
        }),
        ..Content::default()
    };
    let bytes = hex("0a110a0568656c6c6faa06070a05416c6963656000680078c8aeb7e38933");
    assert_eq!(content.to_bytes(), bytes);
    assert_eq!(Content::parse(&bytes), Ok(content));
}

#[test]
fn msg_02_an_empty_field_is_not_a_missing_one() {
    let mut content = Content {
        data_message: Some(DataMessage::default()),
        ..Content::default()
    };
    let without = content.to_bytes();
    content.data_message = Some(DataMessage {
        body: Some(String::new()),
        ..DataMessage::default()
    });
    assert_ne!(content.to_bytes(), without);
    assert_eq!(
        Content::parse(&content.to_bytes())
            .unwrap()
            .data_message
            .unwrap()
            .body
            .as_deref(),
        Some("")
    );
}

#[test]
fn msg_03_each_missing_required_field_is_named() {
    let data = |data: DataMessage| Content {
        data_message: Some(data),
        ..Content::default()
    };
    let update = |update: GroupUpdateMessage| {
        data(DataMessage {
            group_update_message: Some(update),
            ..DataMessage::default()
        })
    };
    let author = Some("05".repeat(33));
    let quoted = QuotedAttachment {
        thumbnail: Some(AttachmentPointer::default()),
        ..QuotedAttachment::default()
    };
    let cases: Vec<(Content, &str)> = vec![
        (
            data(DataMessage {
                attachments: vec![AttachmentPointer::default()],
                ..DataMessage::default()
            }),
            "AttachmentPointer.id",
        ),
        (
            data(DataMessage {
                quote: Some(Quote::default()),
                ..DataMessage::default()
            }),
            "Quote.id",
        ),
        (
            data(DataMessage {
                quote: Some(Quote {
                    id: Some(1),
                    ..Quote::default()
                }),
                ..DataMessage::default()
            }),
            "Quote.author",
        ),
        (
            data(DataMessage {
                quote: Some(Quote {
                    id: Some(1),
                    author: author.clone(),
                    attachments: vec![quoted],
                    text: None,
                }),
                ..DataMessage::default()
            }),
            "AttachmentPointer.id",
        ),
        (
            data(DataMessage {
                preview: vec![Preview::default()],
                ..DataMessage::default()
            }),
            "Preview.url",
        ),
        (
            data(DataMessage {
                reaction: Some(Reaction::default()),
                ..DataMessage::default()
            }),
            "Reaction.id",
        ),
        (
            data(DataMessage {
                reaction: Some(Reaction {
                    id: Some(1),
                    author: author.clone(),
                    ..Reaction::default()
                }),
                ..DataMessage::default()
            }),
            "Reaction.action",
        ),
        (
            data(DataMessage {
                open_group_invitation: Some(CommunityInvitation {
                    url: author.clone(),
                    name: None,
                }),
                ..DataMessage::default()
            }),
            "OpenGroupInvitation.name",
        ),
        (
            update(GroupUpdateMessage {
                invite_message: Some(GroupInvite::default()),
                ..GroupUpdateMessage::default()
            }),
            "GroupInvite.groupSessionId",
        ),
        (
            update(GroupUpdateMessage {
                promote_message: Some(GroupPromote::default()),
                ..GroupUpdateMessage::default()
            }),
            "GroupPromote.groupIdentitySeed",
        ),
        (
            update(GroupUpdateMessage {
                info_change_message: Some(GroupInfoChange {
                    r#type: Some(1),
                    ..GroupInfoChange::default()
                }),
                ..GroupUpdateMessage::default()
            }),
            "GroupInfoChange.adminSignature",
        ),
        (
            update(GroupUpdateMessage {
                member_change_message: Some(GroupMemberChange::default()),
                ..GroupUpdateMessage::default()
            }),
            "GroupMemberChange.type",
        ),
        (
            update(GroupUpdateMessage {
                invite_response: Some(GroupInviteResponse::default()),
                ..GroupUpdateMessage::default()
            }),
            "GroupInviteResponse.isApproved",
        ),
        (
            Content {
                call_message: Some(CallMessage::default()),
                ..Content::default()
            },
            "CallMessage.type",
        ),
        (
            Content {
                call_message: Some(CallMessage {
                    r#type: Some(1),
                    ..CallMessage::default()
                }),
                ..Content::default()
            },
            "CallMessage.uuid",
        ),
        (
            Content {
                receipt_message: Some(ReceiptMessage::default()),
                ..Content::default()
            },
            "ReceiptMessage.type",
        ),
        (
            Content {
                typing_message: Some(TypingMessage::default()),
                ..Content::default()
            },
            "TypingMessage.timestamp",
        ),
        (
            Content {
                data_extraction_notification: Some(DataExtractionNotification::default()),
                ..Content::default()
            },
            "DataExtractionNotification.type",
        ),
        (
            Content {
                unsend_request: Some(UnsendRequest::default()),
                ..Content::default()
            },
            "UnsendRequest.timestamp",
        ),
        (
            Content {
                message_request_response: Some(MessageRequestResponse::default()),
                ..Content::default()
            },
            "MessageRequestResponse.isApproved",
        ),
        (
            Content {
                shared_config_message: Some(SharedConfigMessage::default()),
                ..Content::default()
            },
            "SharedConfigMessage.kind",
        ),
    ];
    for (content, field) in cases {
        assert_eq!(
            Content::parse(&content.to_bytes()),
            Err(ContentError::MissingField(field))
        );
    }
}

#[test]
fn msg_04_unknown_fields_and_unknown_values_are_tolerated() {
    // Field 999 with a text, then expirationType = 77.
    let bytes = hex("ba3e0161604d");
    assert_eq!(Content::parse(&bytes).unwrap().expiration_type, Some(77));
}

#[test]
fn msg_05_lists_are_read_packed_and_not_packed_and_written_not_packed() {
    let packed = hex("2a0608011202" /* timestamp = [1, 2], packed */
        .to_owned()
        .as_str());
    let packed = [packed, hex("0102")].concat();
    let content = Content::parse(&packed).unwrap();
    assert_eq!(content.receipt_message.as_ref().unwrap().timestamp, [1, 2]);
    assert_eq!(content.to_bytes(), hex("2a06080110011002"));
}

#[test]
fn text_that_is_not_utf_8_is_malformed() {
    assert_eq!(Content::parse(&hex("0a030a01ff")), Err(ContentError::Malformed));
    assert_eq!(Content::parse(&hex("0a")), Err(ContentError::Malformed));
}

proptest! {
    #[test]
    fn no_bytes_make_parsing_panic_and_what_parses_is_written_stably(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(content) = Content::parse(&bytes) {
            let written = content.to_bytes();
            prop_assert_eq!(Content::parse(&written), Ok(content));
        }
    }
}
