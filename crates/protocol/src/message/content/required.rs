//! Which fields may not be missing. Spec: messages §2 (MSG-03).

use super::{
    AttachmentPointer, CallMessage, CommunityInvitation, Content, ContentError, DataExtractionNotification,
    DataMessage, GroupInfoChange, GroupInvite, GroupInviteResponse, GroupMemberChange, GroupPromote,
    GroupUpdateMessage, MessageRequestResponse, Preview, Quote, Reaction, ReceiptMessage,
    SharedConfigMessage, TypingMessage, UnsendRequest,
};

type Checked = Result<(), ContentError>;

/// A message some of whose fields, or fields of whose parts, may not be missing.
trait Required {
    fn check(&self) -> Checked;
}

fn present<T>(field: &Option<T>, name: &'static str) -> Checked {
    field.as_ref().map(|_| ()).ok_or(ContentError::MissingField(name))
}

fn each<'a, T: Required + 'a>(parts: impl IntoIterator<Item = &'a T>) -> Checked {
    parts.into_iter().try_for_each(Required::check)
}

impl Content {
    pub(super) fn check_required(&self) -> Checked {
        each(&self.data_message)?;
        each(&self.call_message)?;
        each(&self.receipt_message)?;
        each(&self.typing_message)?;
        each(&self.data_extraction_notification)?;
        each(&self.unsend_request)?;
        each(&self.message_request_response)?;
        each(&self.shared_config_message)
    }
}

impl Required for DataMessage {
    fn check(&self) -> Checked {
        each(&self.attachments)?;
        each(&self.quote)?;
        each(&self.preview)?;
        each(&self.reaction)?;
        each(&self.open_group_invitation)?;
        each(&self.group_update_message)
    }
}

impl Required for AttachmentPointer {
    fn check(&self) -> Checked {
        present(&self.id, "AttachmentPointer.id")
    }
}

impl Required for Quote {
    fn check(&self) -> Checked {
        present(&self.id, "Quote.id")?;
        present(&self.author, "Quote.author")?;
        each(
            self.attachments
                .iter()
                .filter_map(|attachment| attachment.thumbnail.as_ref()),
        )
    }
}

impl Required for Preview {
    fn check(&self) -> Checked {
        present(&self.url, "Preview.url")?;
        each(&self.image)
    }
}

impl Required for Reaction {
    fn check(&self) -> Checked {
        present(&self.id, "Reaction.id")?;
        present(&self.author, "Reaction.author")?;
        present(&self.action, "Reaction.action")
    }
}

impl Required for CommunityInvitation {
    fn check(&self) -> Checked {
        present(&self.url, "OpenGroupInvitation.url")?;
        present(&self.name, "OpenGroupInvitation.name")
    }
}

impl Required for CallMessage {
    fn check(&self) -> Checked {
        present(&self.r#type, "CallMessage.type")?;
        present(&self.uuid, "CallMessage.uuid")
    }
}

impl Required for ReceiptMessage {
    fn check(&self) -> Checked {
        present(&self.r#type, "ReceiptMessage.type")
    }
}

impl Required for TypingMessage {
    fn check(&self) -> Checked {
        present(&self.timestamp, "TypingMessage.timestamp")?;
        present(&self.action, "TypingMessage.action")
    }
}

impl Required for DataExtractionNotification {
    fn check(&self) -> Checked {
        present(&self.r#type, "DataExtractionNotification.type")
    }
}

impl Required for UnsendRequest {
    fn check(&self) -> Checked {
        present(&self.timestamp, "UnsendRequest.timestamp")?;
        present(&self.author, "UnsendRequest.author")
    }
}

impl Required for MessageRequestResponse {
    fn check(&self) -> Checked {
        present(&self.is_approved, "MessageRequestResponse.isApproved")
    }
}

impl Required for SharedConfigMessage {
    fn check(&self) -> Checked {
        present(&self.kind, "SharedConfigMessage.kind")?;
        present(&self.seqno, "SharedConfigMessage.seqno")?;
        present(&self.data, "SharedConfigMessage.data")
    }
}

impl Required for GroupUpdateMessage {
    fn check(&self) -> Checked {
        each(&self.invite_message)?;
        each(&self.info_change_message)?;
        each(&self.member_change_message)?;
        each(&self.promote_message)?;
        each(&self.invite_response)
    }
}

impl Required for GroupInvite {
    fn check(&self) -> Checked {
        present(&self.group_session_id, "GroupInvite.groupSessionId")?;
        present(&self.name, "GroupInvite.name")?;
        present(&self.member_auth_data, "GroupInvite.memberAuthData")?;
        present(&self.admin_signature, "GroupInvite.adminSignature")
    }
}

impl Required for GroupPromote {
    fn check(&self) -> Checked {
        present(&self.group_identity_seed, "GroupPromote.groupIdentitySeed")?;
        present(&self.name, "GroupPromote.name")
    }
}

impl Required for GroupInfoChange {
    fn check(&self) -> Checked {
        present(&self.r#type, "GroupInfoChange.type")?;
        present(&self.admin_signature, "GroupInfoChange.adminSignature")
    }
}

impl Required for GroupMemberChange {
    fn check(&self) -> Checked {
        present(&self.r#type, "GroupMemberChange.type")?;
        present(&self.admin_signature, "GroupMemberChange.adminSignature")
    }
}

impl Required for GroupInviteResponse {
    fn check(&self) -> Checked {
        present(&self.is_approved, "GroupInviteResponse.isApproved")
    }
}
