//! Pictures of people: they come with a newer profile, and where none is shown and nobody has said anything else.

use backup::{Contact, MOST_PICTURE};
use rusqlite::{OptionalExtension, params};

use super::Restore;
use super::people::Profile;
use crate::sealed_files::FileName;
use crate::{BackupError, PictureAddress, StoreError, Writing};

/// Somebody whom I accept. Unless the backup has the newer profile (the last value): of whom no picture is shown, and whose
/// profile here is that of the backup, with nothing known of a picture or the same one.
const WITHOUT_PICTURE: &str = "
    SELECT contacts.id FROM contacts LEFT JOIN their_pictures AS said ON said.contact = contacts.id
    WHERE account_id = ?1 AND approved AND NOT blocked
        AND (?5 OR picture IS NULL AND profile_updated_s <= ?2
            AND (said.contact IS NULL OR said.url = ?3 AND said.key = ?4))";

impl Restore<'_> {
    /// Shows the picture of somebody. My own comes with the settings of the account.
    pub(super) fn picture(
        &self,
        writing: &Writing<'_>,
        contact: &Contact,
        profile: Profile,
        sealed: &mut Vec<FileName>,
    ) -> Result<(), BackupError> {
        let Some(picture) = contact.picture.as_ref().filter(|_| contact.id != self.own) else {
            return Ok(());
        };
        let Ok(key) = picture.key.as_slice().try_into() else {
            return Ok(());
        };
        if picture.bytes.is_empty() || picture.bytes.len() > MOST_PICTURE {
            return Ok(());
        }
        let said = PictureAddress {
            url: picture.url.clone(),
            key,
        };
        if let Some(row) = without_picture(writing, contact, profile, &said)? {
            let file = self.store.files().write(&picture.bytes)?;
            sealed.push(file.name);
            writing.show_said_picture(row, &said, &file)?;
        }
        Ok(())
    }
}

/// The row of somebody whose picture is to come.
fn without_picture(
    writing: &Writing<'_>,
    contact: &Contact,
    profile: Profile,
    said: &PictureAddress,
) -> Result<Option<i64>, StoreError> {
    let mut statement = writing.conn.prepare_cached(WITHOUT_PICTURE)?;
    let newer = profile == Profile::OfBackup;
    let updated_s = contact.profile_updated_s;
    let values = params![contact.id.to_bytes(), updated_s, said.url, said.key, newer];
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use protocol::TimestampMs;

    use crate::backups::tests::{Folder, back_up, bring_back, full, new_device};
    use crate::story::*;
    use crate::*;

    fn address(name: &str) -> PictureAddress {
        PictureAddress {
            url: format!("http://files.example.org/file/{name}"),
            key: [7; 32],
        }
    }

    fn say(store: &Store, name: &str) {
        store
            .write(|w| w.take_picture(bob(), &SaidPicture::Set(address(name)), NOW))
            .unwrap();
    }

    /// Bob's picture is fetched.
    fn show(store: &Store, name: &str, bytes: &[u8]) {
        say(store, name);
        let wanted = store.read(|r| r.pictures_due(NOW, 10)).unwrap().remove(0);
        store
            .keep_file(bytes, |w, file| w.keep_picture(&wanted, file).map(drop))
            .unwrap();
    }

    fn shown(store: &Store) -> Option<Vec<u8>> {
        let contact = store.read(|r| r.contact(&bob())).unwrap().unwrap();
        let picture = contact.picture?;
        let file = store.read(|r| r.picture(picture)).unwrap();
        Some(store.files().read(&file).unwrap())
    }

    /// A backup with Bob's picture, of a store to which something happened after that was fetched.
    fn backup(happened: impl FnOnce(&Store)) -> Folder {
        let (folder, old) = (Folder::new(), full());
        show(&old, "a", b"face");
        happened(&old);
        back_up(&old, &folder.file("a"));
        folder
    }

    /// Everybody's profile is of this time.
    fn set_profile_time(store: &Store, updated_s: i64) {
        let set = |w: &Writing<'_>| {
            w.conn
                .execute("UPDATE contacts SET profile_updated_s = ?1", [updated_s])
        };
        store.write::<_, StoreError>(|w| Ok(set(w)?)).unwrap();
    }

    #[test]
    fn a_picture_comes_back_and_is_not_fetched_again() {
        let (folder, new) = (backup(|_| ()), new_device());
        for _ in ["once", "twice"] {
            bring_back(&new, &folder.file("a"));
            assert_eq!(shown(&new).unwrap(), b"face");
        }
        say(&new, "a");
        assert_eq!(new.read(|r| r.pictures_due(NOW, 10)).unwrap(), []);
    }

    #[test]
    fn what_was_said_here_of_a_picture_stands() {
        let folder = backup(|_| ());
        let waiting = |new: &Store| {
            new.read(|r| r.pictures_due(TimestampMs(NOW.0), 10))
                .unwrap()
                .len()
        };

        let new = new_device();
        say(&new, "b");
        bring_back(&new, &folder.file("a"));
        assert_eq!((shown(&new), waiting(&new)), (None, 1), "a newer one is fetched");

        let new = new_device();
        say(&new, "b");
        new.write(|w| w.take_picture(bob(), &SaidPicture::Remove, NOW))
            .unwrap();
        bring_back(&new, &folder.file("a"));
        assert_eq!((shown(&new), waiting(&new)), (None, 0), "they took it away");
    }

    #[test]
    fn the_picture_of_a_newer_profile_takes_the_place_of_an_older_one() {
        let folder = Folder::new();
        let (old, new) = (full(), new_device());
        show(&old, "b", b"new face");
        set_profile_time(&old, 7);
        back_up(&old, &folder.file("a"));
        new.write::<_, StoreError>(|w| w.approve(&bob(), NOW).map(drop))
            .unwrap();
        show(&new, "a", b"old face");
        set_profile_time(&new, 7);
        bring_back(&new, &folder.file("a"));
        assert_eq!(shown(&new).unwrap(), b"old face", "it is no newer");
        set_profile_time(&new, 6);
        bring_back(&new, &folder.file("a"));
        assert_eq!(shown(&new).unwrap(), b"new face");
    }

    #[test]
    fn what_was_taken_away_before_anything_was_known_stays_away() {
        let (folder, new) = (backup(|_| ()), new_device());
        new.write(|w| w.take_picture(bob(), &SaidPicture::Remove, NOW))
            .unwrap();
        bring_back(&new, &folder.file("a"));
        assert_eq!(shown(&new), None);
    }

    #[test]
    fn nobody_who_was_blocked_has_a_picture() {
        let folder = backup(|old| old.write(|w| w.block(&bob(), NOW)).unwrap());
        let new = new_device();
        bring_back(&new, &folder.file("a"));
        assert_eq!(shown(&new), None);
    }
}
