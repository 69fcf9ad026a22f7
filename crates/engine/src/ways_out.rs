//! The ways out of this device: what goes through the proxy that the user has set.

use dialer::{Dialer, Login, Proxy};
use store::{ProxySetting, Store, StoreError};

/// Who opens connections. Clones share their ways.
#[derive(Clone, Debug, Default)]
pub struct WaysOut {
    /// To relays and seeds.
    pub network: Dialer,
    /// To the sites behind links, which see where a connection comes from.
    pub websites: Dialer,
}

impl WaysOut {
    /// As the user has set them. Blocks.
    ///
    /// # Errors
    /// When the store fails; nothing may be connected to then, it could go around the proxy.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        let ways = Self::default();
        ways.set(store.read(|reading| reading.proxy())?.as_ref());
        Ok(ways)
    }

    /// Sets both ways; they hold for whatever is connected to from now on.
    pub(crate) fn set(&self, setting: Option<&ProxySetting>) {
        self.websites.set_proxy(setting.map(proxy));
        let everything = setting.filter(|setting| setting.everything);
        self.network.set_proxy(everything.map(proxy));
    }
}

/// The proxy of a setting.
pub(crate) fn proxy(setting: &ProxySetting) -> Proxy {
    let login = setting.login.as_ref().map(|(user, password)| Login {
        user: user.clone(),
        password: password.clone(),
    });
    Proxy {
        host: setting.host.clone(),
        port: setting.port,
        login,
    }
}
