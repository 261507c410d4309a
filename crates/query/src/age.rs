//! Points and lengths of time as a filter says them: a day, or an age counted back from whenever it is asked.

use std::fmt;

use jiff::civil::Date;

/// The greatest number before a unit.
const MOST: u32 = 99_999;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// No sign before a day: on it.
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

/// The unit of an [`Age`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgeUnit {
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`, of 24 hours
    Days,
    /// `w`
    Weeks,
}

/// A length of time: `30m`, `4h`, `2d`, `1w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Age {
    /// How many, at most 99,999.
    pub count: u32,
    /// Of what.
    pub unit: AgeUnit,
}

/// What a point in time is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A calendar day, in the time zone of whoever asks.
    Day(Date),
    /// That long ago.
    Ago(Age),
}

/// A condition on a point in time. With a day, `<` is before its beginning and `>` after its end. With an age the *length* is compared:
/// `>2d` is longer ago than two days. An age is never compared for being [`Comparison::Equal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct When {
    /// The sign.
    pub comparison: Comparison,
    /// The day or age.
    pub moment: Moment,
}

/// A condition on a length of time; never [`Comparison::Equal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// The sign.
    pub comparison: Comparison,
    /// What it is compared with.
    pub age: Age,
}

impl Age {
    /// In seconds; never overflows.
    pub fn seconds(self) -> i64 {
        let unit = match self.unit {
            AgeUnit::Minutes => 60,
            AgeUnit::Hours => 3_600,
            AgeUnit::Days => 86_400,
            AgeUnit::Weeks => 604_800,
        };
        i64::from(self.count) * unit
    }

    /// Reads `30m`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (unit_at, unit) = text.char_indices().next_back()?;
        let digits = &text[..unit_at];
        let unit = match unit.to_ascii_lowercase() {
            'm' => AgeUnit::Minutes,
            'h' => AgeUnit::Hours,
            'd' => AgeUnit::Days,
            'w' => AgeUnit::Weeks,
            _ => return None,
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let count = digits.parse().ok().filter(|count| *count <= MOST)?;
        Some(Self { count, unit })
    }
}

impl Comparison {
    /// Takes the sign off the beginning of `text`.
    pub(crate) fn read(text: &str) -> (Self, &str) {
        let signs = [("<=", Self::AtMost), (">=", Self::AtLeast), ("<", Self::Less), (">", Self::Greater)];
        let found = signs.into_iter().find_map(|(sign, comparison)| Some((comparison, text.strip_prefix(sign)?)));
        found.unwrap_or((Self::Equal, text))
    }

    /// `usual` where there was no sign.
    pub(crate) fn or(self, usual: Self) -> Self {
        if self == Self::Equal { usual } else { self }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "",
            Self::AtLeast => ">=",
            Self::Greater => ">",
        })
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            AgeUnit::Minutes => 'm',
            AgeUnit::Hours => 'h',
            AgeUnit::Days => 'd',
            AgeUnit::Weeks => 'w',
        };
        write!(f, "{}{unit}", self.count)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.moment {
            Moment::Day(day) => write!(f, "{}{day}", self.comparison),
            Moment::Ago(age) => write!(f, "{}{age}", self.comparison),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.comparison, self.age)
    }
}
