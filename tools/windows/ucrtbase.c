/* Wine 8 has these two of the C library by name only, and scipy calls them; all others are passed
   on to Wine's own, which run.py puts beside this one under another name. A complex number of two
   floats comes in one register. */
typedef union {
    unsigned long long bits;
    float part[2];
} Complex;

float own_crealf(unsigned long long bits)
{
    Complex number = {bits};
    return number.part[0];
}

float own_cimagf(unsigned long long bits)
{
    Complex number = {bits};
    return number.part[1];
}

int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved)
{
    return 1;
}
