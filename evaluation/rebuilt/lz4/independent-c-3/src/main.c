#include "files.h"
#include "help.h"
#include "report.h"

int main(int count, char **words)
{
    Options options = read_options(count, words);
    say(3, BANNER);
    return options.multiple ? process_multiple(&options) : process_single(&options);
}
