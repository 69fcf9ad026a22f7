//! Connection, path and services.

use contract::{Connection, PathView, RelayView, ServiceKind, ServiceView};
use network::{ConnectionState, NetworkProfile, NetworkState, ServiceAddress};
use protocol::TimestampMs;

use super::country::country_of;

pub(crate) fn path(state: &NetworkState) -> PathView {
    let relay = |relay: &network::PathRelay| RelayView {
        ip: relay.ip.to_string(),
        country: country_of(relay.ip),
    };
    PathView {
        connection: connection(state.connection),
        relays: state.path.iter().map(relay).collect(),
        reason: state.reason.clone(),
        clock_offset_ms: state.clock_offset_ms,
    }
}

/// The services that a profile names. Only the seeds are spoken to by this version, so only they have a health.
pub(crate) fn services(profile: &NetworkProfile, state: &NetworkState) -> Vec<ServiceView> {
    let address = |service: &Option<ServiceAddress>| {
        service
            .iter()
            .map(|service| service.url.to_string())
            .collect::<Vec<_>>()
    };
    let service = |kind, addresses| ServiceView {
        kind,
        addresses,
        last_answered_ms: None,
        silent_since_ms: None,
    };
    let seeds = profile.seeds.iter().map(|seed| seed.url.to_string()).collect();
    vec![
        ServiceView {
            last_answered_ms: state.seeds_answered_ms.map(|time| super::time(TimestampMs(time))),
            ..service(ServiceKind::Seeds, seeds)
        },
        service(ServiceKind::FileServer, address(&profile.file_server)),
        service(ServiceKind::PushServer, address(&profile.push_server)),
        service(ServiceKind::Communities, address(&profile.community_list)),
        service(ServiceKind::Names, address(&profile.names)),
    ]
}

const fn connection(state: ConnectionState) -> Connection {
    match state {
        ConnectionState::Connected => Connection::Connected,
        ConnectionState::Connecting => Connection::Connecting,
        ConnectionState::NotConnected => Connection::NotConnected,
        ConnectionState::Offline => Connection::Offline,
    }
}
