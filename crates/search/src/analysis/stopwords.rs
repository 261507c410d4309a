//! Words that carry no subject: articles, prepositions, pronouns, auxiliary verbs, courtesies of both languages.
//!
//! They are indexed (phrases need them) but never required of a message, and weigh little.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Is the folded `word` one of them?
pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(word)
}

static STOP_WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| ENGLISH.split_whitespace().chain(RUSSIAN.split_whitespace()).collect());

const ENGLISH: &str = "
a about above after again all also am an and any are arent as at be because been before being below between both but by can cannot
cant could couldnt did didnt do does doesnt doing dont down during each few for from further had hadnt has hasnt have havent having he
her here hers herself him himself his how hows however i id if ill im in into is isnt it itd itll its itself ive just let lets me might
more most must my myself no nor not now of off on once only or other our ours ourselves out over own please same shall she should
shouldnt so some such than thank thanks that thats the their theirs them themselves then there theres these they theyll theyre theyve
this those through to too under until up upon us very was wasnt we well were werent weve what whats when where wheres which while who
whom whose why will with without wont would wouldnt yes you youd youll your youre yours yourself yourselves youve hello hi dear there
";

const RUSSIAN: &str = "
а без был была были было быть в вам вами вас ваш ваша ваше ваши вдруг ведь весь во вот все всего всем всех всю вся вы где да даже для
до его ее ей ему если есть еще ею же за здесь и из или им ими их к как какая какие какой какое ко когда которая которые который
которое кто ли либо лишь между меня мне мной мог могла могли могу может можем можете можно мой моя мое мои моего моей моему моих мою
мы на над нам нами нас наш наша наше наши не него нее ней нему нет нею ни ним ними них но ну о об однако он она они оно от перед по под
поэтому почему при про просто с сам сама само сами свой своя свое свои своего своей своих свою себе себя со так такая такие такой такое
там тебе тебя тем то тогда того тоже той только том тот ту ты у уж уже хотя чего чей чем через что чтобы чье чья эта эти этим этих это
этого этой этом этому этот эту я здравствуйте привет пожалуйста спасибо добрый уважаемые
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_word_is_written_as_folding_leaves_it() {
        for word in STOP_WORDS.iter() {
            let mut folded = String::new();
            crate::analysis::fold::fold(word, &mut folded);
            assert_eq!(*word, folded);
        }
    }

    #[test]
    fn a_subject_is_no_stop_word() {
        assert!(is_stop_word("не") && is_stop_word("the"));
        assert!(!is_stop_word("посылка") && !is_stop_word("card"));
    }
}
