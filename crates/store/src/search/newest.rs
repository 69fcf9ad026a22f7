//! Looking through the newest messages themselves, before the index is asked.
//!
//! The index gathers all that begins with some letters before it gives the first of it, which takes the longer the more
//! messages have such a word. Those are the searches that find enough among the newest messages.

use rusqlite::{Row, params};

use super::find::{Hit, Hits, Looking};
use super::fold::tokens;
use super::query::Query;
use crate::{Reading, StoreError};

/// Messages that are looked at.
const LOOKED_AT: u32 = 400;
/// After so many of them it is clear what share has the words.
const SAMPLE: usize = 64;

/// The newest messages of all conversations but message requests, before a place of the index.
const NEWEST: &str = select_hits!(
    "(SELECT key, message FROM search_rows WHERE key < ?1 ORDER BY key DESC LIMIT ?2) AS newest
     CROSS JOIN messages AS message ON message.id = newest.message",
    "WHERE conversations.list <> 2 ORDER BY newest.key DESC"
);

/// The newest messages of one conversation, before a place of the index.
const NEWEST_OF: &str = select_hits!(
    "(SELECT * FROM messages
      WHERE conversation = ?3 AND kind = 1 AND sent_at <= ?4
        AND (min(max(sent_at, 0), 4398046511103) << 21) | (id & 2097151) < ?1
      ORDER BY sent_at DESC, id & 2097151 DESC LIMIT ?2) AS message",
    "ORDER BY message.sent_at DESC, message.id & 2097151 DESC"
);

/// The latest sent time that a place of the index holds; later ones count as this.
const LATEST_MS: i64 = 4_398_046_511_103;
/// Bits of a place below the sent time.
const ID_BITS: u32 = 21;

impl Reading<'_> {
    /// What is found among the newest messages, if that is a whole answer. `before` is a place of the index, `place` the
    /// row of the only conversation that counts.
    pub(super) fn search_newest(
        &self,
        looking: &Looking<'_>,
        query: &Query,
        before: i64,
        place: Option<i64>,
    ) -> Result<Option<Hits>, StoreError> {
        let wanted = usize::try_from(looking.limit).unwrap_or(usize::MAX);
        let mut search = Search {
            query,
            wanted,
            looked_at: 0,
            rows: Vec::new(),
        };
        let ended = match place {
            None => {
                let mut statement = self.conn.prepare_cached(NEWEST)?;
                search.run(statement.query(params![before, LOOKED_AT])?)?
            }
            Some(place) => {
                let sent_by = match before >> ID_BITS {
                    LATEST_MS => i64::MAX,
                    earlier => earlier,
                };
                let mut statement = self.conn.prepare_cached(NEWEST_OF)?;
                search.run(statement.query(params![before, LOOKED_AT, place, sent_by])?)?
            }
        };
        let mut rows = search.rows;
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        // Of one conversation there may be no further messages; of all, those of requests were left out.
        let all = ended && place.is_some() && search.looked_at < LOOKED_AT as usize;
        Ok((more || all).then_some(Hits { rows, more }))
    }
}

struct Search<'q> {
    query: &'q Query,
    wanted: usize,
    looked_at: usize,
    rows: Vec<Hit>,
}

impl Search<'_> {
    /// Looks at rows until more than enough were found or it is clear that they will not be; answers whether that was
    /// the end of the rows.
    fn run(&mut self, mut rows: rusqlite::Rows<'_>) -> Result<bool, StoreError> {
        while let Some(row) = rows.next()? {
            if self.rows.len() > self.wanted || self.is_hopeless() {
                return Ok(false);
            }
            self.look_at(row)?;
        }
        Ok(true)
    }

    fn is_hopeless(&self) -> bool {
        let share = self.wanted.saturating_mul(SAMPLE) / LOOKED_AT as usize;
        self.looked_at == SAMPLE && self.rows.len() < share / 2
    }

    fn look_at(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.looked_at = self.looked_at.saturating_add(1);
        let text: String = row.get(7)?;
        if self.query.is_in(&tokens(&text)) {
            self.rows.push(Hit::from_row(row, &text, self.query)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use protocol::account::AccountId;

    use crate::story::*;
    use crate::*;

    /// All that is found page by page, newest first.
    fn found(store: &Store, text: &str, with: Option<&AccountId>, limit: u32) -> Vec<MessageId> {
        let (mut before, mut ids) = (None, Vec::new());
        loop {
            let looking = Looking {
                text,
                with,
                before,
                limit,
            };
            let hits = store
                .read::<_, StoreError>(|r| r.search_messages(&looking))
                .unwrap();
            ids.extend(hits.rows.iter().map(|hit| hit.message));
            before = hits.rows.last().map(|hit| hit.message);
            if !hits.more {
                return ids;
            }
        }
    }

    /// Words of many, some and few messages, two of which may have the same time: whether they are found among the
    /// newest or by the index, in one conversation or in all, on whatever page, makes no difference.
    #[test]
    fn the_newest_messages_and_the_index_give_the_same() {
        let store = store();
        let words = |number: i64| {
            let mut words = String::from("every");
            for (step, word) in [(2, " second"), (7, " Seventh"), (40, " fortieth"), (600, " last")] {
                if number % step == 0 {
                    words.push_str(word);
                }
            }
            words
        };
        let texts = (0..900).map(|number| {
            let author = if number % 3 == 0 { me() } else { bob() };
            text(bob(), author, &words(number), number / 2)
        });
        receive_all(&store, texts.collect());
        receive(&store, carol(), "every second word of a stranger", 800);
        store.write(|w| w.approve(&bob(), NOW)).unwrap();
        let mut rows = page(&store, bob(), Window::Newest, 1_000).rows;
        rows.reverse();
        for (query, word) in [
            ("ever", "every"),
            ("second", "second"),
            ("seve every", "Seventh"),
            ("for", "fortieth"),
            ("last", "last"),
            ("none", "none"),
        ] {
            let expected: Vec<_> = rows
                .iter()
                .filter(|row| row.body.contains(word))
                .map(|row| row.id)
                .collect();
            for limit in [1, 7, 50, 200] {
                for with in [None, Some(&bob())] {
                    assert_eq!(
                        found(&store, query, with, limit),
                        expected,
                        "{query} by {limit}, {with:?}"
                    );
                }
            }
        }
    }
}
