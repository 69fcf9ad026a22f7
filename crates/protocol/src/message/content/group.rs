//! Messages about groups. Invitations and promotions travel one-to-one; the others inside a group.

use prost::Message;

/// Something about a group: exactly one of its parts.
#[derive(Clone, PartialEq, Message)]
pub struct GroupUpdateMessage {
    /// 1: an invitation.
    #[prost(message, optional, tag = "1")]
    pub invite_message: Option<GroupInvite>,
    /// 2: name, picture or timer changed.
    #[prost(message, optional, tag = "2")]
    pub info_change_message: Option<GroupInfoChange>,
    /// 3: members were added, removed or promoted.
    #[prost(message, optional, tag = "3")]
    pub member_change_message: Option<GroupMemberChange>,
    /// 4: the receiver becomes an admin.
    #[prost(message, optional, tag = "4")]
    pub promote_message: Option<GroupPromote>,
    /// 5: the sender leaves.
    #[prost(message, optional, tag = "5")]
    pub member_left_message: Option<GroupMemberLeft>,
    /// 6: an invitation was accepted.
    #[prost(message, optional, tag = "6")]
    pub invite_response: Option<GroupInviteResponse>,
    /// 7: messages of members are to be deleted.
    #[prost(message, optional, tag = "7")]
    pub delete_member_content: Option<GroupDeleteMemberContent>,
    /// 8: tells members that somebody left.
    #[prost(message, optional, tag = "8")]
    pub member_left_notification_message: Option<GroupMemberLeftNotification>,
}

/// An invitation to a group.
#[derive(Clone, PartialEq, Message)]
pub struct GroupInvite {
    /// 1, required: the group's id, prefix `03`.
    #[prost(string, optional, tag = "1")]
    pub group_session_id: Option<String>,
    /// 2, required: its name.
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
    /// 3, required: the member's credential.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub member_auth_data: Option<Vec<u8>>,
    /// 4, required: the admins' signature.
    #[prost(bytes = "vec", optional, tag = "4")]
    pub admin_signature: Option<Vec<u8>>,
}

/// A promotion to admin.
#[derive(Clone, PartialEq, Message)]
pub struct GroupPromote {
    /// 1, required: the group's secret seed.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub group_identity_seed: Option<Vec<u8>>,
    /// 2, required: the group's name.
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
}

/// A changed name, picture or timer.
#[derive(Clone, PartialEq, Message)]
pub struct GroupInfoChange {
    /// 1, required: [`GroupInfoChangeType`].
    #[prost(enumeration = "GroupInfoChangeType", optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: the name.
    #[prost(string, optional, tag = "2")]
    pub updated_name: Option<String>,
    /// 3: the timer in seconds.
    #[prost(uint32, optional, tag = "3")]
    pub updated_expiration: Option<u32>,
    /// 4, required: the admins' signature.
    #[prost(bytes = "vec", optional, tag = "4")]
    pub admin_signature: Option<Vec<u8>>,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum GroupInfoChangeType {
    /// The name.
    Name = 1,
    /// The picture.
    Avatar = 2,
    /// The timer.
    DisappearingMessages = 3,
}

/// Members were added, removed or promoted.
#[derive(Clone, PartialEq, Message)]
pub struct GroupMemberChange {
    /// 1, required: [`GroupMemberChangeType`].
    #[prost(enumeration = "GroupMemberChangeType", optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: whom.
    #[prost(string, repeated, tag = "2")]
    pub member_session_ids: Vec<String>,
    /// 3: whether they see earlier messages.
    #[prost(bool, optional, tag = "3")]
    pub history_shared: Option<bool>,
    /// 4, required: the admins' signature.
    #[prost(bytes = "vec", optional, tag = "4")]
    pub admin_signature: Option<Vec<u8>>,
}

/// What happened to members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum GroupMemberChangeType {
    /// They joined.
    Added = 1,
    /// They were removed.
    Removed = 2,
    /// They became admins.
    Promoted = 3,
}

/// The sender leaves; has no fields.
#[derive(Clone, PartialEq, Message)]
pub struct GroupMemberLeft {}

/// Tells members that the sender left; has no fields.
#[derive(Clone, PartialEq, Message)]
pub struct GroupMemberLeftNotification {}

/// An invitation was accepted.
#[derive(Clone, PartialEq, Message)]
pub struct GroupInviteResponse {
    /// 1, required.
    #[prost(bool, optional, tag = "1")]
    pub is_approved: Option<bool>,
}

/// Messages are to be deleted.
#[derive(Clone, PartialEq, Message)]
pub struct GroupDeleteMemberContent {
    /// 1: all messages of these members.
    #[prost(string, repeated, tag = "1")]
    pub member_session_ids: Vec<String>,
    /// 2: these messages.
    #[prost(string, repeated, tag = "2")]
    pub message_hashes: Vec<String>,
    /// 3: the admins' signature, if members' messages go.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub admin_signature: Option<Vec<u8>>,
}
