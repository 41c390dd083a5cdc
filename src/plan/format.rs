//! Formats of times, as `format` gives them.

/// What a format may hold.
const KNOWN: &str = "%Y %y %m %b %B %d %e %H %I %p %M %S %f %z %a %A %s";

/// Why a text is no format, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    pub message: String,
    pub help: String,
}

/// Checks that a format is understood and tells a date at least.
pub fn check(format: &str) -> Result<(), Wrong> {
    let mut seen = Vec::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            continue;
        }
        let specifier = letters.next();
        let Some(known) = specifier.filter(|specifier| KNOWN.contains(&format!("%{specifier}"))) else {
            let unknown = specifier.map_or_else(String::new, String::from);
            return Err(Wrong {
                message: format!("`%{unknown}` in the format `{format}` is not known"),
                help: format!("known here: {KNOWN}"),
            });
        };
        seen.push(known);
    }
    let has = |any: &str| any.chars().any(|specifier| seen.contains(&specifier));
    let missing = |what: &str, help: &str| {
        Err(Wrong { message: format!("the format `{format}` has no {what}"), help: help.to_owned() })
    };
    if has("s") {
        return if seen.len() == 1 {
            Ok(())
        } else {
            Err(Wrong {
                message: format!("`%s` in the format `{format}` is a whole moment already"),
                help: "`%s` counts the seconds since 1970 and stands alone; seconds of a minute are `%S`".to_owned(),
            })
        };
    }
    if !has("Yy") {
        missing("year", "add `%Y`, or `%y` for two digits")
    } else if !has("mbB") {
        missing("month", "add `%m` or `%b`; `%M` is the minute")
    } else if !has("de") {
        missing("day", "add `%d`")
    } else if has("I") != has("p") {
        missing("full hour", "`%I` goes with `%p`; hours up to 24 are `%H`")
    } else if has("MSf") && !has("HI") {
        missing("hour", "add `%H`; `%m` is the month")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn formats_of_dumps_are_fine() {
        for format in ["%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S.%f", "%d-%b-%y %I:%M %p", "%Y年%m月%d日", "%Y%m%d"] {
            assert_eq!(check(format), Ok(()), "{format}");
        }
    }

    #[test]
    fn others_say_what_is_missing() {
        let wrong = |format: &str| check(format).unwrap_err().message;
        assert_eq!(wrong("%Y-%m-%d %T"), "`%T` in the format `%Y-%m-%d %T` is not known");
        assert_eq!(wrong("%Y-%m-%d %"), "`%` in the format `%Y-%m-%d %` is not known");
        assert_eq!(wrong("%Y-%m-%d % H"), "`% ` in the format `%Y-%m-%d % H` is not known");
        assert_eq!(wrong("YYYY-MM-DD"), "the format `YYYY-MM-DD` has no year");
        assert_eq!(wrong("%Y-%M-%d"), "the format `%Y-%M-%d` has no month");
        assert_eq!(wrong("%Y-%m"), "the format `%Y-%m` has no day");
        assert_eq!(wrong("%Y-%m-%d %I:%M"), "the format `%Y-%m-%d %I:%M` has no full hour");
        assert_eq!(wrong("%Y-%m-%d %M"), "the format `%Y-%m-%d %M` has no hour");
    }
}
