//! The proxy that the user has set.

use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use crate::{Reading, StoreError, Writing};

/// A SOCKS5 proxy, and what goes through it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxySetting {
    /// Its name or address, 1 to 255 characters.
    pub host: String,
    /// Its port, not 0.
    pub port: u16,
    /// User and password, 1 to 255 characters each.
    pub login: Option<(String, Zeroizing<String>)>,
    /// Everything goes through it; otherwise only what does not go through relays.
    pub everything: bool,
}

impl Reading<'_> {
    /// The proxy, if one is set.
    ///
    /// # Errors
    /// When the database fails.
    pub fn proxy(&self) -> Result<Option<ProxySetting>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT host, port, user, password, everything FROM proxy")?;
        let proxy = statement.query_row([], |row| {
            let (user, password): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok(ProxySetting {
                host: row.get(0)?,
                port: row.get(1)?,
                login: user.zip(password.map(Zeroizing::new)),
                everything: row.get(4)?,
            })
        });
        Ok(proxy.optional()?)
    }
}

impl Writing<'_> {
    /// Replaces the proxy; `None` takes it away.
    ///
    /// # Errors
    /// When the database fails, or something is longer than a proxy takes.
    pub fn set_proxy(&self, proxy: Option<&ProxySetting>) -> Result<(), StoreError> {
        let Some(proxy) = proxy else {
            self.conn.execute("DELETE FROM proxy", [])?;
            return Ok(());
        };
        let login = proxy.login.as_ref();
        self.conn.execute(
            "INSERT OR REPLACE INTO proxy (id, host, port, user, password, everything) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![
                proxy.host,
                proxy.port,
                login.map(|(user, _)| user),
                login.map(|(_, password)| password.as_str()),
                proxy.everything,
            ],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn a_proxy_is_kept_whole_and_taken_away() {
        let store = Store::in_memory().unwrap();
        let kept = || store.read::<_, StoreError>(|reading| reading.proxy()).unwrap();
        assert!(kept().is_none());
        let plain = ProxySetting {
            host: "proxy.example".to_owned(),
            port: 1080,
            login: None,
            everything: true,
        };
        let with_login = ProxySetting {
            login: Some(("tern".to_owned(), "secret".to_owned().into())),
            everything: false,
            ..plain.clone()
        };
        for proxy in [plain, with_login] {
            store.write(|writing| writing.set_proxy(Some(&proxy))).unwrap();
            assert!(kept() == Some(proxy));
        }
        store.write(|writing| writing.set_proxy(None)).unwrap();
        assert!(kept().is_none());
    }

    #[test]
    fn what_no_proxy_takes_is_refused() {
        let store = Store::in_memory().unwrap();
        let good = ProxySetting {
            host: "proxy".to_owned(),
            port: 1080,
            login: None,
            everything: true,
        };
        let login = |user: &str, password: &str| Some((user.to_owned(), password.to_owned().into()));
        let wrong = [
            ProxySetting {
                host: String::new(),
                ..good.clone()
            },
            ProxySetting {
                host: "x".repeat(256),
                ..good.clone()
            },
            ProxySetting {
                port: 0,
                ..good.clone()
            },
            ProxySetting {
                login: login("", "secret"),
                ..good.clone()
            },
            ProxySetting {
                login: login("tern", ""),
                ..good
            },
        ];
        for proxy in wrong {
            assert!(store.write(|writing| writing.set_proxy(Some(&proxy))).is_err());
        }
    }
}
