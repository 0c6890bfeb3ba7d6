//! The code of every fault and note. The catalogue with examples and cures is `docs/errors.md`.

/// The code of a fault or a note, for example `E104`.
pub type Code = &'static str;

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal;)+) => {
        $(#[doc = $title] pub const $name: Code = $code;)+
        /// Every code with its title, in order.
        pub const ALL: &[(Code, &str)] = &[$(($code, $title)),+];
    };
}

codes! {
    MODEL_UNREADABLE = "E101", "a model file cannot be read";
    NOT_YAML = "E102", "not well-formed YAML";
    YAML_LIMIT = "E103", "more YAML than a model needs";
    UNKNOWN_KEY = "E104", "unknown key";
    KEY_TWICE = "E105", "a key is given twice";
    WRONG_TYPE = "E106", "a value of the wrong type";
    KEY_MISSING = "E107", "a key that must be given is missing";
    EXTENDS_CYCLE = "E108", "models extend each other in a circle";
    NOT_BUILT_YET = "E109", "part of the model that is not built yet";
    BOTH_COMBINATIONS = "E110", "both priorities and weights";
    OUT_OF_RANGE = "E111", "a number out of range";
    UNKNOWN_WORD = "E112", "not one of the words allowed";
    WRONG_UNIT = "E113", "a number that looks like another unit";
    MIN_ABOVE_MAX = "E114", "least above most";
    UNKNOWN_NAME = "E115", "the model names something that the tables do not have";
    TERM_TWICE = "E116", "a term of the objective is listed twice";
    CURVE_SHAPE = "E117", "the discharge curve has an impossible shape";
    NO_DATA_FOLDER = "E118", "the data folder does not exist";
    MODEL_NOT_UTF8 = "E119", "a model file is not UTF-8 text";
    WAVES = "E130", "waves that do not fit together";
    SCENARIOS = "E131", "scenarios that do not fit together";
    WHOLE_BEDS = "E132", "numbers that do not come out in whole beds";
    TABLE_MISSING = "E201", "a table is missing";
    TABLE_UNREADABLE = "E202", "a table cannot be read";
    TABLE_EMPTY = "E203", "a table has no rows";
    COLUMN_MISSING = "E204", "a column is missing";
    COLUMN_TWICE = "E205", "a column is given twice";
    SEPARATOR = "E206", "columns are not separated by commas";
    TABLE_NOT_UTF8 = "E207", "a table is not UTF-8 text";
    DAMAGED_GZIP = "E208", "a zipped table is cut short or damaged";
    LINE_TOO_LONG = "E209", "a line is too long";
    TABLE_TOO_BIG = "E210", "a table is too big";
    FIELD_COUNT = "E211", "a row has too few or too many fields";
    OPEN_QUOTE = "E212", "a quotation mark is not closed";
    TWO_COPIES = "E213", "a table exists twice";
    COLUMN_MISSPELT = "E214", "a column looks misspelt";
    CELL_EMPTY = "E301", "an empty cell";
    NOT_A_NUMBER = "E302", "not a number";
    NEGATIVE = "E303", "a negative number";
    ABSURD = "E304", "an absurd number";
    DUPLICATE = "E305", "an identifier is given twice";
    DUPLICATE_ROW = "E306", "two rows for the same thing";
    DANGLING = "E307", "a reference to something that does not exist";
    CELL_WORD = "E308", "a cell holds none of the words allowed";
    CELL_UNIT = "E309", "a cell that looks like another unit";
    SWAPPED = "E310", "longitude and latitude are swapped";
    NO_NEED = "E401", "an area without need";
    NO_BEDS = "E402", "a site without beds";
    FLOWS_ABOVE_ONE = "E403", "flows of an area add up to more than one";
    OVERFULL = "E404", "far more beds occupied than available";
    FLOORS_ABOVE_BUDGET = "E405", "floors above the councils' money";
    FLOORS_ABOVE_POOL = "E406", "agreed floors above the pool of new beds";
    PINS_ABOVE_POOL = "E407", "pins above the pool of new beds";
    PIN_DOES_NOT_FIT = "E408", "a pin that does not fit";
    POOL_DOES_NOT_FIT = "E409", "more new beds to spend than the limits let in";
    MONEY_UNIT = "E410", "money that looks like another unit";
    MINUTES_UNIT = "E411", "travel times that look like another unit";
    SITE_LIMITS = "E412", "size limits that a site breaks today";
    DELAY_ABOVE_NEED = "E413", "more delayed beds than need";
    NO_DEPRIVATION = "E414", "deprivation is used but not given";
    STEP_DOWN_SERVICE = "E430", "a service that cannot pay for step-down beds";
    PROGRAMME_COST = "E431", "a programme has two costs";
    PREVENTED_ABOVE_ALL = "E432", "programmes prevent more than all need";
    NOTHING_TO_PROTECT = "E440", "protected beds that do not exist";
    SITE_CHOICE = "E441", "a site that cannot open or close as stated";
    NO_PROVISION = "E442", "closures that wait for provision that nothing makes";
    NOTE_PART_OFF = "N01", "a part of the model is off";
    NOTE_NEED_MADE = "N02", "need is made from population and rates";
    NOTE_NOWHERE = "N03", "need for a specialty that no site offers";
    NOTE_NAMES = "N04", "names are missing";
    NOTE_DECILES = "N05", "areas without a deprivation decile";
    NOTE_TIMES = "N06", "pairs without a known travel time";
    NOTE_OVER_CAP = "N07", "sites fuller today than the cap";
    NOTE_OF_MODEL = "N08", "a note of the model";
    NOTE_NO_GROUPS = "N30", "beds move within hospital groups, and there are none";
    NOTE_NOTHING_TO_CONVERT = "N31", "no specialties between which beds could be converted";
}
