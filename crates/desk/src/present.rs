//! A field of a change that may be absent, `null` or a value: what is absent stays, `null` clears.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "present")]`: what is there is `Some`, also when it is `null`.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
