//! The proxy that the user sets.

use contract::{Done, ErrorCode, Failure, GetProxy, ProxyState, ProxyView, SetProxy, TestProxy};
use dialer::{DialError, Dialer, Target};
use network::NetworkProfile;
use store::ProxySetting;

use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, ways_out};

/// Longest name of a host, user or password, in bytes. Spec: RFC 1928 §5, RFC 1929 §2
const LONGEST: usize = 255;

/// A proxy that takes longer is of no use.
const TEST_MS: i64 = 15_000;

/// Places that are tried through a proxy before it counts as one that reaches nothing.
const MOST_PLACES: usize = 3;

pub(super) async fn get_proxy(core: &Core, _: GetProxy) -> Result<ProxyState, Stopped> {
    let setting = core.read(|reading| Ok(reading.proxy()?)).await?;
    Ok(ProxyState {
        proxy: setting.map(to_view),
    })
}

pub(super) async fn set_proxy(core: &Core, params: SetProxy) -> Result<Done, Stopped> {
    let setting = params.proxy.map(to_setting).transpose()?;
    let kept = setting.clone();
    let changed = core
        .write(move |writing| {
            let changed = writing.proxy()? != kept;
            writing.set_proxy(kept.as_ref())?;
            Ok(changed)
        })
        .await?;
    // Also when it was kept already: whoever kept it may have been stopped before it held.
    core.ways_out.set(setting.as_ref());
    if changed {
        // Paths that were built another way are left; what waited for a connection is tried on the new one.
        core.network.new_path();
        core.network.set_device_online(true);
        outbox::connection_returned(core).await?;
    }
    Ok(Done {})
}

pub(super) async fn test_proxy(core: &Core, params: TestProxy) -> Result<Done, Stopped> {
    let setting = to_setting(params.proxy)?;
    let dialer = Dialer::new(Some(ways_out::proxy(&setting)));
    let deadline = core.device_now().plus_ms(TEST_MS);
    let reached = tokio::select! {
        reached = reaches(&dialer, &core.config.profile) => reached,
        () = core.clock.sleep_until(deadline) => false,
    };
    match reached {
        true => Ok(Done {}),
        false => Err(ErrorCode::Proxy.into()),
    }
}

/// Whether some place of the network can be connected to.
async fn reaches(dialer: &Dialer, profile: &NetworkProfile) -> bool {
    let seeds = profile.seeds.iter().filter_map(|seed| {
        let host = seed.url.host_str()?.trim_matches(['[', ']']);
        Some(Target::Host(host, seed.url.port_or_known_default()?))
    });
    let relays = profile.relays.iter();
    let relays = relays.map(|relay| Target::Address((relay.ip, relay.https_port).into()));
    for place in seeds.chain(relays).take(MOST_PLACES) {
        match dialer.connect(place).await {
            Ok(_) => return true,
            Err(DialError::Proxy) => return false,
            Err(_) => {}
        }
    }
    false
}

fn to_setting(view: ProxyView) -> Result<ProxySetting, Stopped> {
    let host = view.host.trim().to_owned();
    let (user, password) = (view.user, view.password.into_exposed());
    let wrong = |field: &str| Err(Failure::new(ErrorCode::BadCommand).with("reason", field).into());
    if host.is_empty() || host.len() > LONGEST || host.contains(|c: char| c.is_whitespace() || c == '/') {
        return wrong("host");
    }
    if view.port == 0 {
        return wrong("port");
    }
    if user.len() > LONGEST || password.len() > LONGEST || user.is_empty() != password.is_empty() {
        return wrong("login");
    }
    Ok(ProxySetting {
        host,
        port: view.port,
        login: (!user.is_empty()).then(|| (user, password.into())),
        everything: view.everything,
    })
}

fn to_view(setting: ProxySetting) -> ProxyView {
    let (user, password) = setting.login.unwrap_or_default();
    ProxyView {
        host: setting.host,
        port: setting.port,
        user,
        password: password.as_str().into(),
        everything: setting.everything,
    }
}
