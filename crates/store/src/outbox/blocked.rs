//! What was to be told to somebody who is blocked meanwhile. Spec: messages §8 (OBX-10).

use protocol::account::AccountId;

use crate::{StoreError, Writing};

impl Writing<'_> {
    /// Drops what waits for somebody and shows no row, but for what takes messages back: who is blocked learns nothing
    /// that was not said yet, and loses what was. The turn of all else has come, so that whoever sends it finds out.
    pub(crate) fn drop_controls_to(&self, account_id: &AccountId) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM outbox WHERE account_id = ?1 AND message IS NULL AND NOT takes_back",
        )?;
        statement.execute([account_id.to_bytes()])?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE outbox SET next_try_at = min(next_try_at, since) WHERE account_id = ?1 AND state = 1",
        )?;
        statement.execute([account_id.to_bytes()])?;
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM owed_receipts WHERE contact = (SELECT id FROM contacts WHERE account_id = ?1)",
        )?;
        statement.execute([account_id.to_bytes()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use protocol::TimestampMs;

    use crate::story::*;
    use crate::*;

    #[test]
    fn obx_10_blocking_drops_what_was_to_be_told_but_not_what_takes_back() {
        let store = store();
        let unread = new_id(receive(&store, bob(), "unread", NOW.0));
        let text = send(&store, bob(), "waits", NOW.0 + 1);
        let taken_back = send(&store, bob(), "taken back", NOW.0 + 2);
        let take_back = TakeBack {
            message: taken_back,
            leaves: Leaves::Line,
            deliveries: vec![delivery(Step::Recipient, bob())],
            now: NOW,
        };
        store
            .write::<_, StoreError>(|w| {
                w.approve(&bob(), NOW)?;
                w.owe_receipts(&bob(), TimestampMs(NOW.0))?;
                w.mark_read(unread, NOW)?;
                w.queue_control(&[delivery(Step::Recipient, bob())], NOW)?;
                w.queue_control(
                    &[delivery(Step::Recipient, bob()), delivery(Step::SyncCopy, me())],
                    NOW,
                )?;
                w.queue_control(&[delivery(Step::Recipient, carol())], NOW)?;
                w.take_back(&take_back)
            })
            .unwrap();
        store.write(|w| w.block(&bob(), NOW)).unwrap();
        let due = store.write(|w| w.claim_due(NOW.plus_ms(DAY), 10)).unwrap();
        let left: Vec<_> = due
            .iter()
            .map(|it| (it.account_id, it.message, it.takes_back))
            .collect();
        assert_eq!(
            left,
            [
                (me(), None, false),
                (carol(), None, false),
                (bob(), Some(taken_back), true),
                (bob(), Some(text), false),
            ],
            "my other devices learn of my reaction; whoever sends the text asks again"
        );
        let owed = store.read::<_, StoreError>(|r| r.owed_receipts()).unwrap();
        assert_eq!(owed, []);
    }
}
