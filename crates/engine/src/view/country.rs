//! The country an address is in, from a table bundled with the app: nobody is asked.

use std::net::IpAddr;

use tor_geoip::GeoipDb;

/// The ISO 3166-1 alpha-2 code of the country that `ip` is registered in, if the table knows it.
///
/// The table is the IPFire location database (CC BY-SA 4.0) in the form that Tor's clients use.
pub(crate) fn country_of(ip: IpAddr) -> Option<String> {
    let table = GeoipDb::new_embedded();
    table.lookup_country_code(ip).map(|code| code.get().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_has_a_country_and_a_private_one_has_none() {
        assert_eq!(
            country_of("95.216.33.113".parse().unwrap()).as_deref(),
            Some("FI")
        );
        assert_eq!(country_of("127.0.0.1".parse().unwrap()), None);
        assert_eq!(country_of("10.1.2.3".parse().unwrap()), None);
    }
}
