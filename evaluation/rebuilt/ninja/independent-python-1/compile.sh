#!/bin/sh
cd "$(dirname "$0")" && chmod +x program
