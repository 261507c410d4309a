//! The department itself, written by hand: an outsourced support desk in two languages that answers for a shop platform,
//! a shop and an insurer [S2, S4.8]. Everything here is invented; domains are under `.example` (RFC 2606).

use crate::model::{Agent, Brand, Contact, Department, Face, Gender, Inbox, Locale, Organization, Team};
use crate::people;

/// The password of every demo account.
pub const PASSWORD: &str = "opora-demo";
/// How many contacts are known by name.
pub(crate) const NAMED: usize = CONTACTS.len();
/// How many of them write from the demo's own mailbox page.
pub(crate) const CUSTOMERS: usize = 6;

/// The companies the department works for.
pub(crate) mod brand {
    pub(crate) const PLATFORM: usize = 0;
    pub(crate) const SHOP: usize = 1;
    pub(crate) const INSURER: usize = 2;
}

/// The teams.
pub(crate) mod team {
    pub(crate) const FIRST_LINE: usize = 0;
    pub(crate) const TECH: usize = 1;
    pub(crate) const BILLING: usize = 2;
    pub(crate) const DELIVERY: usize = 3;
    pub(crate) const INSURANCE: usize = 4;
}

/// The inboxes.
pub(crate) mod inbox {
    pub(crate) const PLATFORM_RU: usize = 0;
    pub(crate) const PLATFORM_EN: usize = 1;
    pub(crate) const BILLING_RU: usize = 2;
    pub(crate) const SHOP_RU: usize = 3;
    pub(crate) const SHOP_EN: usize = 4;
    pub(crate) const INSURER_RU: usize = 5;
    pub(crate) const INSURER_EN: usize = 6;
}

type StaffRow = (&'static str, [&'static str; 2], &'static str, &'static str, &'static [usize], Locale, Gender);

use Gender::{Female, Male};
use Locale::{En, Ru};

const STAFF: &[StaffRow] = &[
    ("Мария Соколова", ["Мария", "Maria"], "maria", "admin", &[0, 1, 2, 3, 4], Ru, Female),
    ("Антон Громов", ["Антон", "Anton"], "anton", "lead", &[0, 3], Ru, Male),
    ("Helen Marsh", ["Хелен", "Helen"], "helen", "lead", &[1, 2], En, Female),
    ("Ольга Берёзова", ["Ольга", "Olga"], "olga", "agent", &[0, 3], Ru, Female),
    ("Тимур Валиев", ["Тимур", "Timur"], "timur", "agent", &[0, 1], Ru, Male),
    ("Daniel Reyes", ["Даниэль", "Daniel"], "daniel", "agent", &[0, 3], En, Male),
    ("Ксения Лисицына", ["Ксения", "Ksenia"], "ksenia", "agent", &[2], Ru, Female),
    ("Павел Рощин", ["Павел", "Pavel"], "pavel", "agent", &[1], Ru, Male),
    ("Priya Nair", ["Прия", "Priya"], "priya", "agent", &[1, 2], En, Female),
    ("Вера Ильинская", ["Вера", "Vera"], "vera", "agent", &[4], Ru, Female),
    ("Роман Дубов", ["Роман", "Roman"], "roman", "agent", &[3, 0], Ru, Male),
    ("Tom Ashby", ["Том", "Tom"], "tom", "agent", &[4, 0], En, Male),
    ("Алина Ветрова", ["Алина", "Alina"], "alina", "agent", &[0], Ru, Female),
    ("Юлия Старкова", ["Юлия", "Yulia"], "yulia", "observer", &[0], Ru, Female),
];

/// Hand-written contacts; the demo's own customers are the first [`CUSTOMERS`].
const CONTACTS: &[(&str, &str, Option<&str>, Locale, Gender)] = &[
    ("Ольга Лапина", "olga.lapina@customer.example", None, Ru, Female),
    ("Emma Clarke", "emma.clarke@customer.example", None, En, Female),
    ("Сергей Титов", "sergey.titov@customer.example", None, Ru, Male),
    ("Jonas Weber", "jonas.weber@customer.example", None, En, Male),
    ("Наталья Орлова", "natalya.orlova@customer.example", None, Ru, Female),
    ("Liam Brooks", "liam.brooks@customer.example", None, En, Male),
    ("Игорь Макаров", "makarov@instrument-grad.example", Some("instrument-grad"), Ru, Male),
    ("Fiona Walker", "fiona@oakandwool.example", Some("oakandwool"), En, Female),
    ("Марина Ткаченко", "marina@mir-pryazhi.example", Some("mir-pryazhi"), Ru, Female),
    ("Stefan Hoffmann", "stefan@kiezkaffee.example", Some("kiezkaffee"), En, Male),
    ("Эдуард Королёв", "korolev@mebel-urala.example", Some("mebel-urala"), Ru, Male),
    ("Rachel Bennett", "rachel@northwindbikes.example", Some("northwindbikes"), En, Female),
    ("Людмила Савельева", "l.savelyeva@pochta.example", None, Ru, Female),
    ("Kwame Okafor", "kwame.okafor@post.example", None, En, Male),
    ("Дарья Яковлева", "darya@ulun-chai.example", Some("ulun-chai"), Ru, Female),
    ("Lucy Thompson", "lucy@fernandfable.example", Some("fernandfable"), En, Female),
];

/// The hand-written contact of this index; contacts are counted from the demo's customers on.
pub(crate) fn named_contact(index: usize) -> Contact {
    let (name, address, shop, locale, gender) = CONTACTS[index.min(NAMED - 1)];
    let organization = shop.and_then(|shop| people::lists().shops.iter().position(|known| known.domain == shop));
    Contact { index: index.min(NAMED - 1), name: name.into(), address: address.into(), organization, locale, gender }
}

/// Builds the department.
pub(crate) fn department() -> Department {
    Department {
        name: "Опора: поддержка «Витрины» и друзей".into(),
        brands: brands(),
        teams: ["Первая линия", "Техническая поддержка", "Оплата и документы", "Доставка и возвраты", "Страхование"]
            .map(|name| Team { name: name.into() })
            .into(),
        agents: STAFF.iter().map(agent).collect(),
        inboxes: inboxes(),
        organizations: people::lists()
            .shops
            .iter()
            .map(|shop| Organization { name: shop.name.into(), domain: format!("{}.example", shop.domain) })
            .collect(),
        contacts: (0..NAMED).map(named_contact).collect(),
    }
}

fn agent((name, signs, login, role, teams, locale, gender): &StaffRow) -> Agent {
    Agent {
        name: (*name).into(),
        signs: signs.map(Into::into),
        email: format!("{login}@opora.example"),
        password: PASSWORD,
        role,
        teams: teams.to_vec(),
        locale: *locale,
        gender: *gender,
    }
}

fn brands() -> Vec<Brand> {
    let brand = |name: &str, face, team: [&str; 2]| Brand {
        name: name.into(),
        face,
        greeting: ["Здравствуйте, {{contact.first_name}}!".into(), "Hello {{contact.first_name}},".into()],
        closing: [
            format!("С уважением,\n{{{{agent.name}}}}\n{}", team[0]),
            format!("Best regards,\n{{{{agent.name}}}}\n{}", team[1]),
        ],
    };
    vec![
        brand("Витрина", Face::FirstName, ["поддержка платформы «Витрина»", "Vitrina platform support"]),
        brand("Лукошко", Face::FirstName, ["служба заботы «Лукошко»", "Lukoshko customer care"]),
        brand("Тихая гавань", Face::Number, ["поддержка «Тихой гавани»", "Quiet Harbour customer care"]),
    ]
}

fn inboxes() -> Vec<Inbox> {
    let inbox = |name: &str, address: &str, brand, team, locale| Inbox {
        name: name.into(),
        address: address.into(),
        brand,
        team,
        locale,
    };
    vec![
        inbox("Витрина · помощь", "help@vitrina.example", brand::PLATFORM, team::FIRST_LINE, Ru),
        inbox("Vitrina · Help", "support@vitrina.example", brand::PLATFORM, team::FIRST_LINE, En),
        inbox("Витрина · оплата", "billing@vitrina.example", brand::PLATFORM, team::BILLING, Ru),
        inbox("Лукошко · заказы", "zakaz@lukoshko.example", brand::SHOP, team::DELIVERY, Ru),
        inbox("Lukoshko · Orders", "orders@lukoshko.example", brand::SHOP, team::DELIVERY, En),
        inbox("Тихая гавань · полисы", "polis@gavan.example", brand::INSURER, team::INSURANCE, Ru),
        inbox("Quiet Harbour · Policies", "care@gavan.example", brand::INSURER, team::INSURANCE, En),
    ]
}

/// The inbox of a brand in a language. Money matters of the platform have a Russian mailbox of their own.
pub(crate) fn inbox_for(brand: usize, locale: Locale, money: bool) -> usize {
    match (brand, locale) {
        (brand::PLATFORM, Ru) if money => inbox::BILLING_RU,
        (brand::PLATFORM, Ru) => inbox::PLATFORM_RU,
        (brand::PLATFORM, En) => inbox::PLATFORM_EN,
        (brand::SHOP, Ru) => inbox::SHOP_RU,
        (brand::SHOP, En) => inbox::SHOP_EN,
        (_, Ru) => inbox::INSURER_RU,
        (_, En) => inbox::INSURER_EN,
    }
}

/// A brand's name as its customers of a language know it.
pub(crate) fn brand_name(brand: usize, locale: Locale) -> &'static str {
    match (brand, locale) {
        (brand::PLATFORM, Ru) => "Витрина",
        (brand::PLATFORM, En) => "Vitrina",
        (brand::SHOP, Ru) => "Лукошко",
        (brand::SHOP, En) => "Lukoshko",
        (_, Ru) => "Тихая гавань",
        (_, En) => "Quiet Harbour",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_and_everything_has_its_place() {
        let department = department();
        assert!(department.agents.len() >= 12);
        assert_eq!(department.agents[0].role, "admin");
        for role in ["admin", "lead", "agent", "observer"] {
            assert!(department.agents.iter().any(|agent| agent.role == role), "{role}");
        }
        for team in 0..department.teams.len() {
            assert!(department.agents.iter().any(|agent| agent.role == "agent" && agent.teams.contains(&team)));
        }
        for inbox in &department.inboxes {
            assert!(inbox.brand < department.brands.len() && inbox.team < department.teams.len());
        }
    }

    #[test]
    fn the_shops_of_named_contacts_exist() {
        for (index, (.., shop, _, _)) in CONTACTS.iter().enumerate() {
            assert_eq!(named_contact(index).organization.is_some(), shop.is_some(), "{shop:?}");
        }
    }
}
