//! Whether a request may be run: times, signatures and tokens, in the order in which every node checks them.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{
    Access, Authorization, Namespace, Request, Retrieve, Signed, SignedParams, Store, SubaccountToken,
};

use super::{Database, RpcAnswer};

/// How far the time of a signature may be from the node's clock. STO-33.
const SIGNATURE_TOLERANCE_MS: i64 = 60_000;
/// The same for `delete_all` and `expire_all` that another member passed on. STO-62.
const FORWARDED_TOLERANCE_MS: i64 = 70_000;
/// How far a message's time may be ahead, and its expiry behind. STO-51.
const STORE_TOLERANCE_MS: i64 = 10_000;
/// Shortest life of a message. STO-51.
const MIN_TTL_MS: i64 = 10_000;

/// Who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A client; the other members of the swarm are to run it too.
    Client,
    /// Another member of the swarm.
    Member,
}

/// What the checks need besides the request.
pub(super) struct Checks<'c> {
    pub(super) database: &'c Database,
    pub(super) now: TimestampMs,
    pub(super) origin: Origin,
}

impl Checks<'_> {
    /// Checks all that the method asks for.
    ///
    /// # Errors
    /// The refusal to answer: 400, 401, 403 or 406.
    pub(super) fn check(&self, request: &Request) -> Result<(), RpcAnswer> {
        match request {
            Request::Store(store) => self.store(store),
            Request::Retrieve(retrieve) => self.retrieve(retrieve),
            Request::Delete(signed) => self.signed(
                signed,
                Access::DELETE,
                "delete_msgs signature verification failed",
            ),
            Request::DeleteAll(signed) => {
                self.within(
                    signed.params.timestamp,
                    self.tolerance_ms(),
                    "delete_all timestamp too far from current time",
                )?;
                self.signed(signed, Access::DELETE, "delete_all signature verification failed")
            }
            Request::DeleteBefore(signed) => {
                if signed.params.before > self.now.plus_ms(SIGNATURE_TOLERANCE_MS) {
                    return Err(RpcAnswer::text(
                        401,
                        "delete_before timestamp too far in the future",
                    ));
                }
                self.signed(
                    signed,
                    Access::DELETE,
                    "delete_before signature verification failed",
                )
            }
            Request::Expire(signed) => {
                let oldest = self.now.plus_ms(SIGNATURE_TOLERANCE_MS.saturating_neg());
                if signed.params.expiry.iter().any(|expiry| *expiry < oldest) {
                    return Err(RpcAnswer::text(
                        401,
                        "expire: timestamp should be >= current time",
                    ));
                }
                self.signed(signed, Access::WRITE, "expire: signature verification failed")
            }
            Request::ExpireAll(signed) => {
                if signed.params.expiry < self.now.plus_ms(self.tolerance_ms().saturating_neg()) {
                    return Err(RpcAnswer::text(
                        406,
                        "expire_all timestamp should be >= current time",
                    ));
                }
                self.signed(signed, Access::DELETE, "expire_all signature verification failed")
            }
            Request::GetExpiries(signed) => {
                self.fresh(
                    signed.params.timestamp,
                    "get_expiries timestamp too far from current time",
                )?;
                self.signed(signed, Access::READ, "get_expiries signature verification failed")
            }
            Request::RevokeSubaccount(signed) => {
                self.fresh(
                    signed.params.timestamp,
                    "revoke_subaccount timestamp too far from current time",
                )?;
                Self::owner(signed, "revoke_subaccount signature verification failed")
            }
            Request::UnrevokeSubaccount(signed) => {
                self.fresh(
                    signed.params.timestamp,
                    "unrevoke_subaccount timestamp too far from current time",
                )?;
                Self::owner(signed, "unrevoke_subaccount signature verification failed")
            }
            Request::RevokedSubaccounts(signed) => {
                self.fresh(
                    signed.params.timestamp,
                    "revoked_subaccounts timestamp too far from current time",
                )?;
                Self::owner(signed, "revoked_subaccounts signature verification failed")
            }
            Request::GetSwarm(_)
            | Request::Info
            | Request::OxendRequest(_)
            | Request::ActiveNodes
            | Request::Batch(_)
            | Request::Sequence(_)
            | Request::IfElse(_) => Ok(()),
        }
    }

    /// Spec: storage §10 (STO-51): lifetime, clock, then authority.
    fn store(&self, store: &Store) -> Result<(), RpcAnswer> {
        let ttl_ms = store.expiry.since_ms(store.timestamp);
        if !(MIN_TTL_MS..=store.namespace.max_ttl_ms()).contains(&ttl_ms) {
            return Err(RpcAnswer::text(403, "Provided expiry/TTL is not valid."));
        }
        let earliest_expiry = self.now.plus_ms(STORE_TOLERANCE_MS.saturating_neg());
        if store.timestamp > self.now.plus_ms(STORE_TOLERANCE_MS) || store.expiry < earliest_expiry {
            return Err(RpcAnswer::text(406, "Timestamp error: check your clock"));
        }
        if store.namespace.is_public_inbox() {
            return Ok(());
        }
        let Some(proof) = &store.proof else {
            let text = format!(
                "store: signature required to store to namespace {}",
                store.namespace.0
            );
            return Err(RpcAnswer::text(401, text));
        };
        self.fresh(
            proof.timestamp,
            "store signature timestamp too far from current time",
        )?;
        let required = if store.namespace.is_public_outbox() {
            Access::WRITE | Access::DELETE
        } else {
            Access::WRITE
        };
        let signed_bytes = Store::signed_bytes(store.namespace, proof.timestamp);
        let allowed = self.verify(store.account, &proof.authorization, required, &signed_bytes)?;
        if allowed {
            Ok(())
        } else {
            Err(RpcAnswer::text(401, "store signature verification failed"))
        }
    }

    /// Spec: storage §10 (STO-52). A signature that is given counts, also where none is needed.
    fn retrieve(&self, retrieve: &Retrieve) -> Result<(), RpcAnswer> {
        let Some(proof) = &retrieve.proof else {
            return if retrieve.namespace.is_public_to_read() {
                Ok(())
            } else {
                Err(RpcAnswer::text(401, "retrieve: request signature required"))
            };
        };
        self.fresh(proof.timestamp, "retrieve timestamp too far from current time")?;
        let signed_bytes = Retrieve::signed_bytes(retrieve.namespace, proof.timestamp);
        let allowed = if retrieve.namespace.is_readable_when_revoked() {
            proof
                .authorization
                .verify(retrieve.account, Access::READ, &signed_bytes, |_| false)
        } else {
            self.verify(
                retrieve.account,
                &proof.authorization,
                Access::READ,
                &signed_bytes,
            )?
        };
        if allowed {
            Ok(())
        } else {
            Err(RpcAnswer::text(401, "retrieve signature verification failed"))
        }
    }

    fn signed<T: SignedParams>(
        &self,
        signed: &Signed<T>,
        required: Access,
        refusal: &str,
    ) -> Result<(), RpcAnswer> {
        let signed_bytes = signed.params.signed_bytes();
        let allowed = self.verify(
            signed.params.account(),
            &signed.authorization,
            required,
            &signed_bytes,
        )?;
        if allowed {
            Ok(())
        } else {
            Err(RpcAnswer::text(401, refusal))
        }
    }

    fn owner<T: SignedParams>(signed: &Signed<T>, refusal: &str) -> Result<(), RpcAnswer> {
        let signed_bytes = signed.params.signed_bytes();
        if signed
            .authorization
            .verify_owner(signed.params.account(), &signed_bytes)
        {
            Ok(())
        } else {
            Err(RpcAnswer::text(401, refusal))
        }
    }

    fn verify(
        &self,
        account: AccountId,
        authorization: &Authorization,
        required: Access,
        signed_bytes: &[u8],
    ) -> Result<bool, RpcAnswer> {
        let mut failure = None;
        let is_revoked = |token: &SubaccountToken| {
            self.database.is_revoked(account, token).unwrap_or_else(|error| {
                failure = Some(error);
                true
            })
        };
        let allowed = authorization.verify(account, required, signed_bytes, is_revoked);
        match failure {
            None => Ok(allowed),
            Some(_) => Err(RpcAnswer::text(500, "request failed")),
        }
    }

    const fn tolerance_ms(&self) -> i64 {
        match self.origin {
            Origin::Client => SIGNATURE_TOLERANCE_MS,
            Origin::Member => FORWARDED_TOLERANCE_MS,
        }
    }

    fn fresh(&self, timestamp: TimestampMs, refusal: &str) -> Result<(), RpcAnswer> {
        self.within(timestamp, SIGNATURE_TOLERANCE_MS, refusal)
    }

    fn within(&self, timestamp: TimestampMs, tolerance_ms: i64, refusal: &str) -> Result<(), RpcAnswer> {
        let age_ms = self.now.since_ms(timestamp);
        if (tolerance_ms.saturating_neg()..=tolerance_ms).contains(&age_ms) {
            Ok(())
        } else {
            Err(RpcAnswer::text(406, refusal))
        }
    }
}

/// Whether a request of `expire` may only lengthen: a token without the right to delete must not shorten. STO-35.
///
/// # Errors
/// The refusal when it asks for just that.
pub(super) fn extends_only(authorization: &Authorization, asks_to_shorten: bool) -> Result<bool, RpcAnswer> {
    let may_delete = authorization
        .subaccount
        .as_ref()
        .is_none_or(|subaccount| subaccount.token.access().contains(Access::DELETE));
    if may_delete {
        return Ok(false);
    }
    if asks_to_shorten {
        let text =
            "expire: shorten parameter cannot be used with this subaccount token (missing delete access)";
        return Err(RpcAnswer::text(400, text));
    }
    Ok(true)
}

/// The expiry that is set when one is asked for: no later than a message could have from now. STO-56.
pub(super) fn capped_expiry(asked: TimestampMs, now: TimestampMs) -> TimestampMs {
    // Not a multiple of ten, so the longest life there is.
    asked.min(now.plus_ms(Namespace(1).max_ttl_ms()))
}
