//! Descriptions of all commands and their arguments.

pub struct Arg {
    pub name: &'static str,
    pub long: &'static str,
    pub short: char,
    pub help: &'static str,
    pub default: &'static str,
    pub values: &'static [&'static str],
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Required,
    Optional,
    Many,
    ManyRequired,
    Flag,
    Value,
}

pub struct Command {
    pub name: &'static str,
    pub about: &'static str,
    pub long: &'static str,
    pub args: &'static [Arg],
}

pub const SPACES: &[&str] = &["Lab", "LCh", "RGB", "HSL", "OkLab"];
pub const ORDERS: &[&str] = &["brightness", "luminance", "hue", "chroma", "random"];
pub const MODES: &[&str] = &["24bit", "8bit", "off", "auto"];
const PROPERTIES: &[&str] = &["lightness", "hue", "chroma", "lab-a", "lab-b", "oklab-l", "oklab-a", "oklab-b", "red",
    "green", "blue", "hsl-hue", "hsl-saturation", "hsl-lightness", "alpha"];
const FORMATS: &[&str] = &["rgb", "rgb-float", "rgb-r", "rgb-g", "rgb-b", "hex", "hsl", "hsl-hue", "hsl-saturation",
    "hsl-lightness", "hsv", "hsv-hue", "hsv-saturation", "hsv-value", "lch", "lch-lightness", "lch-chroma", "lch-hue",
    "oklch", "oklch-lightness", "oklch-chroma", "oklch-hue", "lab", "lab-a", "lab-b", "oklab", "oklab-l", "oklab-a",
    "oklab-b", "luminance", "brightness", "ansi-8bit", "ansi-24bit", "ansi-8bit-value", "ansi-8bit-escapecode",
    "ansi-24bit-escapecode", "cmyk", "name"];
const COLOR_HELP: &str = "Colors can be specified in many different formats, such as #RRGGBB, RRGGBB, #RGB, 'rgb(…, …, …)', 'hsl(…, …, …)', 'gray(…)' or simply by the name of the color. The identifier '-' can be used to read a single color from standard input. Also, the special identifier 'pick' can be used to run an external color picker to choose a color. If no color argument is specified, colors will be read from standard input.
Examples (all of these specify the same color):
  - lightslategray
  - '#778899'
  - 778899
  - 789
  - 'rgb(119, 136, 153)'
  - '119,136,153'
  - 'hsl(210, 14.3%, 53.3%)'
Alpha transparency is also supported:
  - '#77889980'
  - 'rgba(119, 136, 153, 0.5)'
  - 'hsla(210, 14.3%, 53.3%, 50%)'";
const STRATEGY_HELP: &str = "Randomization strategy:
   vivid:    random hue, limited saturation and lightness values
   rgb:      samples uniformly in RGB space
   gray:     random gray tone (uniform)
   lch_hue:  random hue, fixed lightness and chroma

Default strategy: 'vivid'";

const fn pos(name: &'static str, kind: Kind, help: &'static str) -> Arg {
    Arg { name, long: "", short: ' ', help, default: "", values: &[], kind }
}
const fn opt(short: char, long: &'static str, name: &'static str, help: &'static str) -> Arg {
    Arg { name, long, short, help, default: "", values: &[], kind: Kind::Value }
}
const fn flag(short: char, long: &'static str, help: &'static str) -> Arg {
    Arg { name: "", long, short, help, default: "", values: &[], kind: Kind::Flag }
}
const fn with(arg: Arg, default: &'static str, values: &'static [&'static str]) -> Arg {
    Arg { default, values, ..arg }
}
const fn cmd(name: &'static str, about: &'static str, long: &'static str, args: &'static [Arg]) -> Command {
    Command { name, about, long, args }
}

use Kind::{Many, ManyRequired, Optional, Required};
const COLORS: Arg = pos("color", Many, COLOR_HELP);
const SPACE: Arg = with(opt('s', "colorspace", "name", "The colorspace in which to interpolate"), "Lab", SPACES);

pub const GLOBAL: &[Arg] = &[
    opt(' ', "color-picker", "color-picker", "Use a specific tool to pick the colors"),
    flag('f', "force-color", "Alias for --mode=24bit"),
    with(opt('m', "color-mode", "mode", "Specify the terminal color mode"), "", MODES),
];

pub const ALIASES: &[(&str, &str)] =
    &[("colour", "color"), ("take", "color"), ("show", "color"), ("display", "color"), ("sort", "sort-by")];
pub const VISIBLE: &str = "color, colour, take, show, display, list, random, distinct, sort-by, sort, pick, format, paint, gradient, mix, colorblind, set, saturate, desaturate, lighten, darken, rotate, complement, gray, to-gray, textcolor, colorcheck, help";

pub const COMMANDS: &[Command] = &[
    cmd("color", "Display information about the given color", "Show and display some information about the given color(s).\n\nExample:\n  pastel color 556270 4ecdc4 c7f484 ff6b6b c44d58", &[COLORS]),
    cmd("colorblind", "Simulate a color under a certain colorblindness profile", "Convert the given color to how it would look to a person with protanopia, deuteranopia, or tritanopia \n\nExample:\n  pastel distinct 3 | pastel colorblind deuter",
        &[with(pos("type", Required, "The type of colorblindness that should be simulated (protanopia, deuteranopia, tritanopia)"), "", &["prot", "deuter", "trit"]), COLORS]),
    cmd("colorcheck", "Check if your terminal emulator supports 24-bit colors.", "", &[]),
    cmd("complement", "Get the complementary color (hue rotated by 180°)", "Compute the complementary color by rotating the HSL hue channel by 180°.", &[COLORS]),
    cmd("darken", "Darken color by a specified amount", "Darken a color by subtracting a certain amount from the lightness channel. If the amount is negative, the color will be lightened.",
        &[pos("amount", Required, "Amount of lightness to subtract (number between 0.0 and 1.0)"), COLORS]),
    cmd("desaturate", "Decrease color saturation by a specified amount", "Decrease the saturation of a color by subtracting a certain amount from the HSL saturation channel. If the amount is negative, the color will be saturated instead.",
        &[pos("amount", Required, "Amount of saturation to subtract (number between 0.0 and 1.0)"), COLORS]),
    cmd("distinct", "Generate a set of visually distinct colors", "Generate a set of visually distinct colors by maximizing the perceived color difference between pairs of colors.\n\nThe default parameters for the optimization procedure (simulated annealing) should work fine for up to 10-20 colors.",
        &[with(pos("count", Optional, "Number of distinct colors in the set"), "10", &[]), COLORS,
          with(opt('m', "metric", "name", "Distance metric to compute mutual color distances. The CIEDE2000 is more accurate, but also much slower."), "CIE76", &["CIEDE2000", "CIE76"]),
          flag('v', "verbose", "Print simulation output to STDERR")]),
    cmd("format", "Convert a color to the given format", "Convert the given color(s) to a specific format.\n\nExample:\n  pastel random -n 20 | pastel format rgb",
        &[with(pos("type", Optional, "Output format type. Note that the 'ansi-*-escapecode' formats print ansi escape sequences to the terminal that will not be visible unless something else is printed in addition."), "hex", FORMATS), COLORS]),
    cmd("gradient", "Generate an interpolating sequence of colors", "Generate a sequence of colors that interpolates between the specified colors.\nThe interpolation is performed in the specified color space.\n\nExample:\n  pastel gradient --colorspace=HSL ffffcc fd8d3c\n  pastel gradient 555ee4 white d84341 -n 15",
        &[pos("color", ManyRequired, "Color stops in the color gradient"), with(opt('n', "number", "count", "Number of colors to generate"), "10", &[]), SPACE]),
    cmd("gray", "Create a gray tone from a given lightness", "Create a gray tone from a given lightness value.",
        &[pos("lightness", Required, "Lightness of the created gray tone (number between 0.0 and 1.0)")]),
    cmd("lighten", "Lighten color by a specified amount", "Lighten a color by adding a certain amount to the HSL lightness channel. If the amount is negative, the color will be darkened.",
        &[pos("amount", Required, "Amount of lightness to add (number between 0.0 and 1.0)"), COLORS]),
    cmd("list", "Show a list of available color names", "", &[with(opt('s', "sort", "sort-order", "Sort order"), "hue", ORDERS)]),
    cmd("mix", "Mix two colors in the given colorspace", "Create new colors by interpolating between two colors in the given colorspace.\n\nExample:\n  pastel mix --colorspace=RGB red blue",
        &[pos("color", Required, "The base color which will be mixed with the other colors"), COLORS, SPACE,
          with(opt('f', "fraction", "fraction", "The number between 0.0 and 1.0 determining how much to mix in from the base color."), "0.5", &[])]),
    cmd("paint", "Print colored text using ANSI escape sequences", "",
        &[pos("color", Required, "The foreground color. Use '-' to read the color from STDIN."),
          pos("text", Many, "The text to be printed in color. If no argument is given, the input is read from STDIN."),
          opt('o', "on", "bg-color", "Use the specified background color"), flag('b', "bold", "Print the text in bold face"),
          flag('i', "italic", "Print the text in italic font"), flag('u', "underline", "Draw a line below the text"),
          flag('n', "no-newline", "Do not print a trailing newline character")]),
    cmd("pick", "Interactively pick a color from the screen (pipette)", "Print a spectrum of colors to choose from. This command requires an external color picker tool to be installed.",
        &[with(pos("count", Optional, "Number of colors to pick"), "1", &[])]),
    cmd("random", "Generate a list of random colors", "Generate a list of random colors.\n\nExample:\n  pastel random -n 20 --strategy lch_hue",
        &[with(opt('s', "strategy", "strategy", STRATEGY_HELP), "vivid", &["vivid", "rgb", "gray", "lch_hue"]),
          with(opt('n', "number", "count", "Number of colors to generate"), "10", &[])]),
    cmd("rotate", "Rotate the hue channel by the specified angle", "Rotate the HSL hue channel of a color by the specified angle (in degrees). A rotation by 180° returns the complementary color. A rotation by 360° returns to the original color.",
        &[pos("degrees", Required, "angle by which to rotate (in degrees, can be negative)"), COLORS]),
    cmd("saturate", "Increase color saturation by a specified amount", "Increase the saturation of a color by adding a certain amount to the HSL saturation channel. If the amount is negative, the color will be desaturated instead.",
        &[pos("amount", Required, "Amount of saturation to add (number between 0.0 and 1.0)"), COLORS]),
    cmd("set", "Set a color property to a specific value", "Set the given property to a specific value\nExample:\n  pastel random | pastel set luminance 0.9",
        &[with(pos("property", Required, "The property that should be changed"), "", PROPERTIES), pos("value", Required, "The new numerical value of the property"), COLORS]),
    cmd("sort-by", "Sort colors by the given property", "Sort a list of colors by the given property.\n\nExample:\n  pastel random -n 20 | pastel sort-by hue | pastel format hex",
        &[with(pos("sort-order", Optional, "Sort order"), "hue", ORDERS), COLORS, flag('r', "reverse", "Reverse the sort order"),
          flag('u', "unique", "Remove duplicate colors (equality is determined via RGB values)")]),
    cmd("textcolor", "Get a readable text color for the given background color", "Return a readable foreground text color (either black or white) for a given background color. This can also be used in the opposite way, i.e. to create a background color for a given text color.", &[COLORS]),
    cmd("to-gray", "Completely desaturate a color (preserving luminance)", "Completely desaturate the given color while preserving the luminance.\n\nFor a definition of 'luminance', see:\n\n  https://www.w3.org/TR/2008/REC-WCAG20-20081211/#relativeluminancedef", &[COLORS]),
];
